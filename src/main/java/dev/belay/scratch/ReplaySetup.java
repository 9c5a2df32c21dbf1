package dev.belay.scratch;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.flyway.FlywayEngine;
import dev.belay.flyway.FlywayEngine.Selection;
import dev.belay.flyway.MigrationScript;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Makes in a scratch database what migrations find there, and what none of them makes. */
final class ReplaySetup {
  private final ReplayGround ground;
  private final Target target;
  private final ReplayPlan plan;
  private final FlywayEngine engine;
  private final Consumer<String> notes;

  /**
   * @param target the scratch database
   * @param notes is told what could not be made as it is in the live database
   */
  ReplaySetup(
      ReplayGround ground,
      Target target,
      ReplayPlan plan,
      FlywayEngine engine,
      Consumer<String> notes) {
    this.ground = ground;
    this.target = target;
    this.plan = plan;
    this.engine = engine;
    this.notes = notes;
  }

  /** Gives a copy of the live database its settings, which no copy takes along. */
  void settings() {
    try (Database session = ground.databases().open(target)) {
      settings(session);
    }
  }

  private void settings(Database session) {
    Identifier name = new Identifier(target.database());
    for (DatabaseSetting setting : ground.live().settings()) {
      attempt(session, setting.statement(name), "the setting " + setting.name());
    }
  }

  /**
   * Makes what is there before the first migration: settings, the history table, extensions, and
   * what the configured files make.
   *
   * @param extensions which of the live database's extensions are made
   * @throws Failure FAILED when a configured file fails
   */
  void prepare(Collection<String> extensions) {
    try (Database session = ground.databases().open(target)) {
      settings(session);
      engineSchema(session);
    }
    if (extensions.isEmpty() && ground.settings().init().isEmpty() && plan.before().isEmpty()) {
      return;
    }
    // Flyway would refuse to begin in a schema that is not empty and has no history table.
    engine.migrate(Selection.nothing(), List.of());
    try (Database session = ground.databases().open(target)) {
      ground.live().extensions().stream()
          .filter(extension -> extensions.contains(extension.name()))
          .forEach(extension -> create(session, extension));
      for (Path file : ground.settings().init()) {
        run(session, file);
      }
    }
    plan.before().forEach(this::applyBefore);
  }

  /** Two apps may need one another: what cannot be applied yet is left out. */
  private void applyBefore(ReplayPlan other) {
    ReplaySession session = new ReplaySession(ground, target, other, List.of());
    try (Database database = ground.databases().open(target)) {
      session.setup().engineSchema(database);
    }
    Map<String, String> failed = new TreeMap<>();
    for (List<MigrationScript> leg : other.legs()) {
      session.applyPossible(leg, failed);
    }
    if (!other.pending().isEmpty()) {
      session.applyPossible(other.pending(), failed);
    }
    failed.forEach(
        (script, why) ->
            notes.accept(
                "%s of app %s could not be replayed before it: %s"
                    .formatted(script, other.app().name(), why)));
  }

  /** A schema that Flyway did not make was there before it, since its history table lies in it. */
  private void engineSchema(Database session) {
    String schema = plan.app().historySchema();
    if (!schema.equals("public") && !engine.creates(schema)) {
      session.execute("create schema if not exists " + new Identifier(schema));
    }
  }

  private void create(Database session, LiveFacts.InstalledExtension extension) {
    Identifier schema = new Identifier(extension.schema());
    attempt(session, "create schema if not exists " + schema, "the schema " + schema);
    attempt(
        session,
        "create extension if not exists "
            + new Identifier(extension.name())
            + " with schema "
            + schema
            + " cascade",
        "the extension " + extension.name());
  }

  /** Makes those extensions of the live database that no migration made. */
  void addExtensions() {
    try (Database session = ground.databases().open(target)) {
      Set<String> there = LiveQueries.extensions(session);
      ground.live().extensions().stream()
          .filter(extension -> !there.contains(extension.name()))
          .forEach(extension -> create(session, extension));
    }
  }

  /** The extensions that are there. */
  Set<String> extensions() {
    try (Database session = ground.databases().open(target)) {
      return LiveQueries.extensions(session);
    }
  }

  private void attempt(Database session, String sql, String what) {
    try {
      session.execute(sql);
    } catch (Failure cannot) {
      notes.accept(what + " of the live database could not be made: " + cannot.message());
    }
  }

  private void run(Database session, Path file) {
    try {
      ScriptQueries.run(session, Files.readString(file));
    } catch (IOException unreadable) {
      throw Failure.unavailable(
          "scratch.init: " + file + " cannot be read: " + unreadable.getMessage(),
          "name a file that is there: belay config");
    } catch (Failure failure) {
      throw failure.about("scratch.init: " + file);
    }
  }
}
