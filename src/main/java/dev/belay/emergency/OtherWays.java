package dev.belay.emergency;

import dev.belay.batch.BatchRun;
import dev.belay.batch.BatchRuns;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationState;
import dev.belay.journal.BegunOutside;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.Replaced;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The ways on that are neither an undo nor a restore of a backup. */
final class OtherWays {
  private static final long SWAP_MILLIS = 2_000;

  private final GuardedRun run;
  private final Set<BegunOutside> perhapsDone;
  private final List<String> unknown = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();
  private final List<String> half = new ArrayList<>();
  private final List<WayOn> ways = new ArrayList<>();

  /**
   * @param perhapsDone migrations that were begun in no transaction, and whose end is not known
   */
  OtherWays(GuardedRun run, Set<BegunOutside> perhapsDone) {
    this.run = run;
    this.perhapsDone = Set.copyOf(perhapsDone);
  }

  /** Looks. What cannot be looked at is in {@link #unknown}. */
  void look(List<AppSettings> apps) {
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      for (AppSettings app : apps) {
        attempt("rollbacks in batches of app " + app.name(), () -> begun(session, app));
      }
      for (AppSettings app : apps) {
        if (!attempt("what is pending of app " + app.name(), () -> forward(session, app))) {
          // Nobody knows, so nobody undoes what came before it.
          half.add("what is pending of app " + app.name());
        }
      }
    } catch (Failure unreachable) {
      unknown.add(
          "rollbacks in batches and pending migrations are not known: " + unreachable.message());
    }
    attempt("what restores put aside", this::replaced);
  }

  private boolean attempt(String what, Runnable look) {
    return Defect.caught(
        what,
        false,
        unknown,
        () -> {
          look.run();
          return true;
        });
  }

  private void begun(Database session, AppSettings app) {
    if (!Ledger.readable(session, "batch_run")) {
      return;
    }
    TableName history = new TableName(app.historySchema(), app.historyTable());
    Optional<BatchRun> open = BatchRuns.open(session, history);
    open.ifPresent(
        batch ->
            ways.add(
                new WayOn(
                    WayKind.GO_ON,
                    "go on with run %d, which takes back %s of app %s in batches; it is %s in phase %s"
                        .formatted(
                            batch.id(),
                            batch.migration(),
                            batch.app(),
                            batch.state().word(),
                            batch.phase()),
                    !batch.alive(),
                    batch.alive() ? "it is at work now: belay batch status" : null,
                    null,
                    "see how far it is: belay batch status",
                    null,
                    false,
                    "what was agreed to when it was begun",
                    "none for long: small transactions",
                    "what is done is in the ledger",
                    batch.again())));
  }

  private void forward(Database session, AppSettings app) {
    AppState state = AppState.read(session, app);
    List<String> broken = FailedRowFix.failed(state).stream().map(Migration::name).toList();
    failed.addAll(broken);
    List<String> pending =
        state.migrations().stream()
            .filter(each -> each.state() == MigrationState.PENDING)
            .map(Migration::name)
            .toList();
    List<String> perhaps = perhapsDone(state, app);
    half.addAll(perhaps);
    if (broken.isEmpty() && !perhaps.isEmpty()) {
      ways.add(perhapsDone(app, String.join(", ", perhaps)));
      return;
    }
    if (broken.isEmpty() && pending.isEmpty()) {
      return;
    }
    ways.add(
        new WayOn(
            WayKind.ROLL_FORWARD,
            "mend what made it fail, then apply %s"
                .formatted(String.join(", ", broken.isEmpty() ? pending : broken)),
            broken.isEmpty(),
            broken.isEmpty()
                ? null
                : "what is recorded as failed has to go from Flyway's table first",
            null,
            "depends on the cause",
            null,
            false,
            "nothing, unless the migration itself does: belay check-migrations",
            "those of the migration: belay check-migrations",
            "not proven: the cause is not known to belay",
            "belay "
                + ShellWords.join(
                    broken.isEmpty()
                        ? List.of("migrate", app.name())
                        : List.of("resolve-conflicts", app.name(), "--dry-run"))));
  }

  /**
   * Half done it stays, though another target, or a newer migration, keeps Flyway from it now, or
   * its script is not in this checkout.
   */
  private List<String> perhapsDone(AppState state, AppSettings app) {
    return perhapsDone.stream()
        .filter(begun -> begun.app().equals(app.name()))
        .filter(begun -> !state.tellsOf(begun.script(), begun.after()))
        .map(begun -> state.nameOf(begun.script()))
        .sorted()
        .toList();
  }

  /** To begin again what is done already fails, or does it twice. */
  private static WayOn perhapsDone(AppSettings app, String migration) {
    return new WayOn(
        WayKind.ROLL_FORWARD,
        "find out how far %s came, and take that back or do the rest".formatted(migration),
        false,
        "it was begun in no transaction, and how it ended is not known: it may be done, or half of it, and Flyway's table does not say so",
        null,
        "depends on how far it came",
        null,
        false,
        "not known",
        "those of the migration: belay check-migrations",
        "not proven: how far it came is not known to belay",
        "belay " + ShellWords.join(List.of("validate-schema", app.name())));
  }

  private void replaced() {
    try (Database session = run.openMaintenance()) {
      Replaced.list(session).stream()
          .filter(each -> each.of().equals(run.live()) && each.isOfTheSameOwner(session))
          .findFirst()
          .ifPresent(
              each ->
                  ways.add(
                      new WayOn(
                          WayKind.UNDO_RESTORE,
                          "put back %s, which was live until %s ago"
                              .formatted(
                                  each.name(),
                                  Units.duration(Duration.between(each.at(), Instant.now()).abs())),
                          true,
                          null,
                          SWAP_MILLIS,
                          "a swap takes less than a second at any size",
                          null,
                          false,
                          "everything written since "
                              + Units.moment(each.at())
                              + "; what is live now is kept",
                          "nobody can connect for less than a second, when the two are swapped",
                          "it was live itself",
                          "belay " + ShellWords.join(List.of("undo-restore", each.name())))));
    }
  }

  /** Migrations that are recorded as failed. */
  List<String> failed() {
    return List.copyOf(failed);
  }

  /** Migrations that may be half done, though Flyway's table does not say so. */
  List<String> half() {
    return List.copyOf(half);
  }

  List<WayOn> of(WayKind kind) {
    return ways.stream().filter(way -> way.kind() == kind).toList();
  }

  /** What could not be looked at, in words. */
  List<String> unknown() {
    return unknown.stream().distinct().toList();
  }
}
