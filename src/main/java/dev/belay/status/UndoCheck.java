package dev.belay.status;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.ledger.StoredUndo;
import dev.belay.postgres.Database;
import dev.belay.undo.UndoScripts;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the applied migrations have undo scripts, the newest above all, and whether those in the
 * ledger are what was stored.
 */
final class UndoCheck implements StateCheck {
  private static final String COVERAGE = "undo-coverage";
  private static final String LEDGER = "ledger";

  private final List<String> covered = new ArrayList<>();
  private final List<String> without = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private final List<String> other = new ArrayList<>();
  private long stored;
  private boolean ledger;

  @Override
  public List<String> names() {
    return List.of(COVERAGE, LEDGER);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    UndoCheck fresh = new UndoCheck();
    List<AppSettings> apps = context.settings().apps();
    for (AppSettings app : apps) {
      fresh.look(context.database(), app, apps.size() == 1 ? "" : app.name() + ": ");
    }
    return List.of(fresh.coverage(), fresh.ledger());
  }

  private void look(Database database, AppSettings app, String prefix) {
    AppState state = AppState.read(database, app);
    UndoScripts undos = UndoScripts.readable(database, state);
    List<Migration> applied =
        state.migrations().stream()
            .filter(migration -> migration.state().isInForce() && migration.version() != null)
            .filter(migration -> migration.script() != null || undos.has(migration))
            .filter(migration -> !migration.isRecord())
            .toList();
    long undoable = applied.stream().filter(undos::has).count();
    covered.add(prefix + "%d of %d applied versions".formatted(undoable, applied.size()));
    // Where nobody writes undo scripts, the way back is a backup, which has a check of its own.
    if (undoable > 0 && !undos.has(applied.get(applied.size() - 1))) {
      without.add(
          prefix + applied.get(applied.size() - 1).name() + ", the newest, has no undo script");
    }
    ledger |= undos.stored().present();
    undos.notes().forEach(note -> broken.add(prefix + note));
    for (Migration migration : applied) {
      undos.inLedger(migration).ifPresent(row -> consistent(undos, migration, row, prefix));
    }
  }

  private void consistent(UndoScripts undos, Migration migration, StoredUndo row, String prefix) {
    stored++;
    try {
      UndoScripts.Found found = undos.of(migration);
      if (found.differs()) {
        other.add(
            prefix
                + "%s on disk has another text from line %d on than the ledger, which counts"
                    .formatted(row.script(), found.differsAt()));
      }
    } catch (Failure failure) {
      broken.add(prefix + failure.message());
    }
  }

  private CheckResult coverage() {
    String summary = String.join(", ", covered);
    return without.isEmpty()
        ? CheckResult.passed(COVERAGE, summary)
        : CheckResult.warning(
            COVERAGE, summary, without, "write one, and prove it: belay check-migrations");
  }

  private CheckResult ledger() {
    if (!broken.isEmpty()) {
      return CheckResult.failed(
          LEDGER,
          "what is in the ledger cannot be relied on",
          broken,
          "store the scripts again: belay store-undo --replace");
    }
    String summary =
        ledger
            ? Units.count(stored, "undo script", "undo scripts") + " as stored"
            : "there is none, so undo scripts are looked for on disk only";
    return other.isEmpty()
        ? CheckResult.passed(LEDGER, summary)
        : CheckResult.warning(LEDGER, summary, other, "see both, then: belay store-undo --replace");
  }
}
