package dev.belay.rehearse;

import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import dev.belay.postgres.Database;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.ScratchReplay;
import dev.belay.undo.GeneratedUndo;
import dev.belay.undo.UndoRequest;
import dev.belay.undo.UndoScripts;
import dev.belay.undo.UndoStep;
import dev.belay.undo.UndoSteps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The migrations of a rehearsal, each with what takes it back. */
final class Entries {
  private final AppState state;
  private final ReplayPlan plan;
  private final UndoScripts scripts;
  private final Target copy;
  private final UndoRequest request;
  private final Map<MigrationScript, GeneratedUndo.Result> made = new HashMap<>();

  private Entries(
      AppState state, ReplayPlan plan, Database ledger, Target copy, UndoRequest request) {
    this.state = state;
    this.plan = plan;
    this.scripts = UndoScripts.readable(ledger, state);
    this.copy = copy;
    this.request = request;
  }

  /**
   * Gets ready to look for undo scripts.
   *
   * @param state by the history of the copy
   * @param plan by that state, with what is pending
   * @param ledger a session with the database whose ledger counts
   */
  static Entries of(
      AppState state,
      ReplayPlan plan,
      Database ledger,
      Target copy,
      boolean generated,
      List<Path> jars) {
    return new Entries(
        state,
        plan,
        ledger,
        copy,
        new UndoRequest(
            state.app().name(),
            "",
            UndoRequest.Reach.DOWN_FROM,
            UndoRequest.Preferred.LEDGER,
            generated,
            jars));
  }

  /** What could not be read of the ledger. */
  List<String> notes() {
    return scripts.notes();
  }

  /** Those of the pending migrations, in their order. */
  List<Entry> pending(List<MigrationScript> some, ScratchReplay replay, Progress progress) {
    Map<MigrationScript, Migration> migrations = new HashMap<>();
    for (Migration each : state.migrations()) {
      if (each.script() != null
          && (each.applied() == null || each.state() == MigrationState.OUTDATED)) {
        migrations.put(each.script(), each);
      }
    }
    generate(
        some.stream().map(migrations::get).filter(Objects::nonNull).toList(), replay, progress);
    List<Entry> entries = new ArrayList<>();
    for (MigrationScript script : some) {
      Migration migration = migrations.get(script);
      if (migration != null) {
        entries.add(entry(migration));
      }
    }
    return entries;
  }

  /**
   * Those of the last applied versions, the newest first.
   *
   * @param number how many at most
   */
  List<Entry> applied(int number, ScratchReplay replay, Progress progress) {
    List<Migration> last = applied().stream().limit(number).toList();
    generate(last, replay, progress);
    return last.stream().map(this::entry).toList();
  }

  /** The applied versions, the newest first. */
  List<Migration> applied() {
    return state.migrations().stream()
        .filter(each -> each.version() != null && each.applied() != null && !each.isRecord())
        .filter(each -> each.state().isInForce() && each.state() != MigrationState.SUPERSEDED)
        .filter(each -> !each.type().contains("BASELINE") && !each.type().equals("SCHEMA"))
        .sorted(Comparator.comparingInt(Entries::rank).reversed())
        .toList();
  }

  private static int rank(Migration migration) {
    AppliedMigration row = migration.applied();
    return row == null ? 0 : row.installedRank();
  }

  private void generate(List<Migration> some, ScratchReplay replay, Progress progress) {
    if (!request.generate()) {
      return;
    }
    Set<MigrationScript> wanted = new HashSet<>();
    for (Migration each : some) {
      if (each.version() != null && !scripts.has(each) && each.script() != null) {
        wanted.add(each.script());
      }
    }
    if (!wanted.isEmpty()) {
      ReplayPlan all =
          new ReplayPlan(
              plan.app(),
              plan.all(),
              List.of(),
              List.of(),
              plan.createdSchemas(),
              plan.notes(),
              plan.before());
      made.putAll(new GeneratedUndo(replay, state, progress).of(all, wanted));
    }
  }

  private Entry entry(Migration migration) {
    if (migration.version() == null) {
      return new Entry(migration, migration.script(), Optional.empty());
    }
    try {
      GeneratedUndo.Result result =
          migration.script() == null ? null : made.get(migration.script());
      UndoStep step =
          result == null
              ? UndoSteps.of(state.app(), copy, scripts, migration, request)
              : UndoSteps.generated(state.app(), copy, migration, result);
      return new Entry(migration, migration.script(), Optional.of(step));
    } catch (Failure unusable) {
      Entry entry = new Entry(migration, migration.script(), Optional.empty());
      entry.found(Verdict.FAILED, "its undo script cannot be run: " + unusable.message());
      return entry;
    }
  }
}
