package dev.belay.status;

import dev.belay.config.AppSettings;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import java.util.ArrayList;
import java.util.List;

/** Whether the applied migrations have undo scripts, the newest above all. */
final class UndoCheck implements StateCheck {
  private static final String NAME = "undo-coverage";

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    List<AppSettings> apps = context.settings().apps();
    List<String> covered = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (AppSettings app : apps) {
      List<Migration> applied =
          AppState.read(context.database(), app).migrations().stream()
              .filter(migration -> migration.state().isInForce() && migration.version() != null)
              .filter(migration -> migration.script() != null && !migration.isRecord())
              .toList();
      long undoable = applied.stream().filter(migration -> migration.undo() != null).count();
      String prefix = apps.size() == 1 ? "" : app.name() + ": ";
      covered.add(prefix + "%d of %d applied versions".formatted(undoable, applied.size()));
      // Where nobody writes undo scripts, the way back is a backup, which has a check of its own.
      if (undoable > 0 && applied.get(applied.size() - 1).undo() == null) {
        without.add(
            prefix + applied.get(applied.size() - 1).name() + ", the newest, has no undo script");
      }
    }
    String summary = String.join(", ", covered);
    return List.of(
        without.isEmpty()
            ? CheckResult.passed(NAME, summary)
            : CheckResult.warning(
                NAME, summary, without, "write one, and prove it: belay check-migrations"));
  }
}
