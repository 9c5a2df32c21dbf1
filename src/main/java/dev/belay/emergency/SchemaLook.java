package dev.belay.emergency;

import dev.belay.catalogue.Difference;
import dev.belay.catalogue.NamePattern;
import dev.belay.catalogue.ObjectKey;
import dev.belay.catalogue.ObjectKind;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.postgres.Database;
import dev.belay.scratch.ExpectedSchema;
import dev.belay.scratch.ProofRoom;
import dev.belay.scratch.ReplayedSchema;
import dev.belay.scratch.SchemaDrift;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The live schema against the one that the applied migrations give. The migrations are replayed
 * once; the live schema is read each time.
 */
final class SchemaLook {
  private static final int SHOWN = 10;

  private final GuardedRun run;
  private final Map<AppSettings, ExpectedSchema> expected = new LinkedHashMap<>();
  private final Map<AppSettings, SchemaDrift> drifts = new LinkedHashMap<>();
  private final Map<AppSettings, Failure> unknown = new LinkedHashMap<>();
  private @Nullable Failure unseen;

  SchemaLook(GuardedRun run) {
    this.run = run;
  }

  /** What an object is to the applied migrations. */
  enum Wanted {
    /** They make it. */
    YES,
    /** It is an app's, all of them were replayed, and none makes it. */
    NO,
    /** It is no app's, or is not compared, or nobody could tell. */
    UNKNOWN
  }

  /**
   * Replays the migrations of these apps and compares. One that fails hides no other.
   *
   * @throws Failure UNAVAILABLE when there is no app, or no room for a replay
   */
  StepAnswer look(List<AppSettings> apps, List<Path> jars) {
    try {
      return looked(apps, jars);
    } catch (Failure failure) {
      // What was replayed is worth comparing again, though it could not be compared now.
      if (expected.isEmpty() && unknown.isEmpty()) {
        unseen = failure;
      }
      throw failure;
    }
  }

  private StepAnswer looked(List<AppSettings> apps, List<Path> jars) {
    if (apps.isEmpty()) {
      throw Failure.unavailable(
          "no app is configured", "name the folder of migrations in belay.yaml");
    }
    try (Database live = run.databases().open(run.target()).readingOnly()) {
      Optional<Failure> cramped = new ProofRoom(run.settings(), run.databases()).against(live);
      if (cramped.isPresent()) {
        throw cramped.get();
      }
      for (AppSettings app : apps) {
        try {
          expected.put(
              app, new ReplayedSchema().replay(run.settings(), app, live, jars, run.progress()));
        } catch (Failure failure) {
          unknown.put(app, failure);
        }
      }
      return compare(live);
    }
  }

  /**
   * Compares again what was replayed.
   *
   * @throws Failure the one by which nothing was
   */
  StepAnswer again() {
    if (unseen != null) {
      throw unseen;
    }
    try (Database live = run.databases().open(run.target()).readingOnly()) {
      return compare(live);
    }
  }

  private StepAnswer compare(Database live) {
    List<String> details = new ArrayList<>();
    int differences = 0;
    for (AppSettings app : expected.keySet()) {
      SchemaDrift drift = drift(app, live);
      List<Difference> found = drift.comparison().differences();
      differences += found.size();
      found.stream().limit(SHOWN).forEach(each -> details.add(prefix(app) + words(each)));
      if (found.size() > SHOWN) {
        details.add("%s… and %d more".formatted(prefix(app), found.size() - SHOWN));
      }
      drift.notes().forEach(note -> details.add(prefix(app) + "note: " + note));
    }
    unknown.forEach((app, failure) -> details.add(prefix(app) + failure.message()));
    if (differences > 0) {
      return StepAnswer.found(
          "the schema differs from what the applied migrations give in %d %s"
              .formatted(differences, differences == 1 ? "object" : "objects"),
          details,
          Optional.of("belay validate-schema --sql -"));
    }
    if (!unknown.isEmpty()) {
      Failure first = unknown.values().iterator().next();
      return StepAnswer.notDone(
          "the migrations could not be replayed" + (expected.isEmpty() ? "" : " of every app"),
          details,
          first.hint());
    }
    return StepAnswer.done("as the applied migrations give it", details);
  }

  private SchemaDrift drift(AppSettings app, Database live) {
    ExpectedSchema wanted = Objects.requireNonNull(expected.get(app));
    SchemaDrift drift = SchemaDrift.of(run.settings(), app, run.databases(), live, wanted);
    drifts.put(app, drift);
    return drift;
  }

  /**
   * In what the schema of an app differs, looked at anew; empty where nobody can tell, or not all
   * of it could be seen, so that it proves nothing.
   */
  Optional<List<Difference>> provenDifferences(AppSettings app, Database live) {
    if (!expected.containsKey(app)) {
      return Optional.empty();
    }
    SchemaDrift drift = drift(app, live);
    return drift.notes().isEmpty()
        ? Optional.of(drift.comparison().differences())
        : Optional.empty();
  }

  /**
   * What an index or constraint of a table is to the migrations, as it was last looked at. That
   * they do not make it is known only when all of them were replayed.
   */
  Wanted wanted(ObjectKind kind, TableName table, String member) {
    ObjectKey key = new ObjectKey(kind, table.schema(), table.table(), member);
    Wanted wanted = Wanted.UNKNOWN;
    for (Map.Entry<AppSettings, SchemaDrift> drift : drifts.entrySet()) {
      boolean ignored =
          drift.getKey().ignore().stream().map(NamePattern::of).anyMatch(each -> each.matches(key));
      if (ignored) {
        continue;
      }
      if (drift.getValue().expected().objects().containsKey(key)) {
        return Wanted.YES;
      }
      if (drift.getValue().actual().objects().containsKey(key)) {
        wanted = Wanted.NO;
      }
    }
    boolean doubtful =
        run.settings().apps().stream()
            .filter(app -> !isWhole(app))
            .anyMatch(app -> names(app, table) || sees(app, key));
    return wanted == Wanted.NO && doubtful ? Wanted.UNKNOWN : wanted;
  }

  private boolean sees(AppSettings app, ObjectKey key) {
    return Optional.ofNullable(drifts.get(app))
        .map(drift -> drift.actual().objects().containsKey(key))
        .orElse(false);
  }

  /** Whether everything that the app's migrations make is known. */
  private boolean isWhole(AppSettings app) {
    return Optional.ofNullable(expected.get(app)).map(each -> each.notes().isEmpty()).orElse(false);
  }

  /** Whether a table is one of an app's: of those that it names, or that its migrations make. */
  boolean isOf(AppSettings app, TableName table) {
    return names(app, table)
        || sees(app, ObjectKey.of(ObjectKind.TABLE, table.schema(), table.table()));
  }

  private static boolean names(AppSettings app, TableName table) {
    return app.tables().isEmpty()
        ? app.schemas().contains(table.schema())
        : app.tables().stream().map(TablePattern::of).anyMatch(each -> each.matches(table));
  }

  /** Whether such an object, which the migrations make, is not as they make it. */
  boolean differs(ObjectKind kind, TableName table, String member) {
    ObjectKey key = new ObjectKey(kind, table.schema(), table.table(), member);
    return drifts.values().stream()
        .flatMap(drift -> drift.comparison().differences().stream())
        .anyMatch(difference -> difference.key().equals(key));
  }

  private String prefix(AppSettings app) {
    return expected.size() + unknown.size() == 1 ? "" : app.name() + ": ";
  }

  static String words(Difference difference) {
    return difference.group().name().toLowerCase(Locale.ROOT) + ": " + difference.key();
  }
}
