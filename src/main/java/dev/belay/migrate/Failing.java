package dev.belay.migrate;

import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.FlywayEngine;
import dev.belay.flyway.Migration;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.process.ShellWords;
import dev.belay.recovery.Before;
import dev.belay.recovery.Evidence;
import dev.belay.recovery.FailedMigration;
import dev.belay.recovery.Recovered;
import dev.belay.recovery.Recovery;
import dev.belay.recovery.SessionWatch;
import dev.belay.recovery.Way;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is done when a migration fails or is interrupted, and what is said then. */
final class Failing {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration INTERRUPTED_PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_MILLIS = 50;

  private final GuardedRun run;
  private final MigrateRequest request;
  private final Forecast forecast;
  private final Map<String, String> environment;
  private final String version;
  private final Phases phases;
  private final String flywaySessions;
  private @Nullable Before before;
  private @Nullable SessionWatch others;
  private Optional<String> backup = Optional.empty();

  Failing(
      GuardedRun run,
      MigrateRequest request,
      Forecast forecast,
      Map<String, String> environment,
      String version,
      Phases phases,
      String flywaySessions) {
    this.run = run;
    this.request = request;
    this.forecast = forecast;
    this.environment = environment;
    this.version = version;
    this.phases = phases;
    this.flywaySessions = flywaySessions;
  }

  /**
   * From where it goes back.
   *
   * @param saved the id of the backup from before
   */
  Failing from(Before state, Optional<String> saved, SessionWatch watch) {
    before = state;
    backup = saved;
    others = watch;
    return this;
  }

  /** A migration failed: the failure that says what, and what became of the database. */
  Failure failed(Failure failure, Applying applying, OperationLock lock, Journal journal) {
    if (Cleanup.interrupted()) {
      return failure;
    }
    try {
      return settled(failure, applying, lock, journal);
    } catch (RuntimeException | Error thrown) {
      throw unsettled(what(failure), thrown);
    }
  }

  /** Who does not know what stays promises nothing. */
  private Failure unsettled(String what, Throwable thrown) {
    Failure failure = thrown instanceof Failure known ? known : Failure.unexpected(thrown);
    return failure.exitCode() == ExitCode.INCOMPLETE
        ? failure
        : Failure.incomplete(
                "%s; and then: %s".formatted(what, failure.message()),
                "what stays applied is not known; " + saved(),
                "see the state: "
                    + ShellWords.join(List.of("belay", "list-migrations", request.app().name())))
            .causedBy(failure);
  }

  private Failure settled(Failure failure, Applying applying, OperationLock lock, Journal journal) {
    String what = what(failure);
    run.progress().warn(what);
    List<AppliedMigration> rows;
    try {
      rows = settled();
    } catch (Failure unreachable) {
      return Failure.incomplete(
              "%s; and then the database could not be reached: %s"
                  .formatted(what, unreachable.message()),
              "what is applied is not known; " + saved(),
              "when it is up again: "
                  + ShellWords.join(List.of("belay", "list-migrations", request.app().name())))
          .causedBy(failure);
    }
    if (applying.isOutsideIn(rows)) {
      recorded(journal);
    }
    List<AppliedMigration> others = applying.ofOthers(rows);
    if (!others.isEmpty()) {
      return ofOthers(what, others);
    }
    if (rows.isEmpty() && applying.leavesNothing() && !mayLeaveMore() && sequencesBack()) {
      return (failure.exitCode() == ExitCode.REFUSED
              ? Failure.refused(what, failure.hint())
              : Failure.failed(what, failure.hint()))
          .withState("it was rolled back, nothing was applied; the database is as before")
          .causedBy(failure);
    }
    return recovered(what, failure.hint(), applying, lock, journal);
  }

  /** A full disk keeps nothing from being taken back. */
  private void recorded(Journal journal) {
    try {
      journal.step("recorded", Map.of(Journal.OUTSIDE, ""));
    } catch (Failure unwritable) {
      run.progress().warn(unwritable.message());
    }
  }

  /** What Flyway does beside migrations: callbacks, and schemas and its table at the first time. */
  private boolean mayLeaveMore() {
    return !FlywayEngine.callbacks(request.app()).isEmpty()
        || !request.app().flyway().getOrDefault("callbacks", "").isBlank()
        || !request.jars().isEmpty()
        || !forecast.state().history().present();
  }

  /** A rollback does not set sequences back; when that fails, the recovery says so. */
  private boolean sequencesBack() {
    try {
      new Recovery(run, environment, version)
          .sequencesBack(Objects.requireNonNull(before, "nothing fails before it was looked at"))
          .forEach(run.progress()::warn);
      return true;
    } catch (Failure cannot) {
      return false;
    }
  }

  /** It went through, and the watch afterwards did not like what it saw. */
  Failure breached(String breach, Applying applying, OperationLock lock, Journal journal) {
    String what = "the migrations were applied, and then: " + breach;
    try {
      List<AppliedMigration> others = applying.ofOthers(settled());
      if (!others.isEmpty()) {
        return ofOthers(what, others);
      }
      return recovered(
          what, "look at what the application does, then migrate again", applying, lock, journal);
    } catch (RuntimeException | Error thrown) {
      throw unsettled(what, thrown);
    }
  }

  /** What somebody else applied is not Belay's to take back. */
  private Failure ofOthers(String what, List<AppliedMigration> others) {
    String app = request.app().name();
    return Failure.incomplete(
        "%s; and another Flyway applied meanwhile: %s"
            .formatted(
                what,
                others.stream().map(AppliedMigration::script).collect(Collectors.joining(", "))),
        "nothing is taken back, since that is not this run's" + kept(),
        "see what is applied with: %s; go on with: %s; or go back with: belay rollback-migration, belay backup-restore"
            .formatted(
                ShellWords.join(List.of("belay", "list-migrations", app)),
                ShellWords.join(List.of("belay", "migrate", app))));
  }

  private Failure recovered(
      String what, String hint, Applying applying, OperationLock lock, Journal journal) {
    FailedMigration failed =
        new FailedMigration(
            "belay migrate " + request.app().name(),
            ShellWords.join(List.of("belay", "migrate", request.app().name())),
            request.policy(),
            Objects.requireNonNull(before, "nothing fails before it was looked at"),
            backup,
            evidence(),
            applying.leavesNothing(),
            mayLeaveMore() ? Optional.empty() : applying.written(),
            request.acceptedLoss(),
            request.jobs());
    Recovered done = phases.in("recovery", () -> locked(failed, lock, journal));
    done.lines(run.progress()::toPaste).forEach(run.progress()::warn);
    run.progress().step("phases: " + times());
    if (done.exitCode() == ExitCode.FAILED) {
      return Failure.failed(what, hint).withState(done.state() + kept());
    }
    return Failure.incomplete(
        what,
        done.state() + kept(),
        done.ways().stream()
            .findFirst()
            .map(Way::command)
            .orElseGet(
                () -> ShellWords.join(List.of("belay", "list-migrations", request.app().name()))));
  }

  /** A server that was started again has forgotten the lock, and another Belay may have it now. */
  private Recovered locked(FailedMigration failed, OperationLock lock, Journal journal) {
    Recovery recovery = new Recovery(run, environment, version);
    try {
      lock.check();
    } catch (Failure lost) {
      run.progress().warn(lost.message());
      try (OperationLock fresh = again()) {
        return recovery.after(failed, fresh, journal);
      }
    }
    return recovery.after(failed, lock, journal);
  }

  private OperationLock again() {
    try {
      return run.lock();
    } catch (Failure taken) {
      throw Failure.incomplete(
              "the migration failed, and nothing is taken back, since %s"
                  .formatted(taken.message()),
              "the database is as the migration left it" + kept(),
              ShellWords.join(List.of("belay", "list-migrations", request.app().name())))
          .causedBy(taken);
    }
  }

  private Evidence evidence() {
    Evidence evidence = Objects.requireNonNull(others, "nobody was watched").evidence();
    evidence.reasons().forEach(run.progress()::detail);
    return evidence;
  }

  private String kept() {
    return backup.map(id -> "; the backup from before is " + id).orElse("");
  }

  private String saved() {
    return backup
        .map(id -> "the backup from before is " + id)
        .orElse("there is no backup from before");
  }

  private String times() {
    return phases.done().stream()
        .map(each -> each.phase() + " " + Units.duration(Duration.ofMillis(each.millis())))
        .collect(Collectors.joining(", "));
  }

  private static String what(Failure failure) {
    return SqlState.of(failure)
        .filter(state -> !failure.message().contains(state))
        .map(state -> "%s (SQLSTATE %s)".formatted(failure.message(), state))
        .orElse(failure.message());
  }

  /**
   * The new rows of the history, when Flyway's sessions are gone: a session whose connection was
   * lost may still commit.
   */
  private List<AppliedMigration> settled() {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try (Database session = run.databases().open(run.target())) {
        end(session, until);
        return NewRows.read(session, forecast);
      } catch (Failure unreachable) {
        if (System.nanoTime() > until || !SqlState.lostConnection(unreachable)) {
          throw unreachable;
        }
        pause();
      }
    }
  }

  private void end(Database session, long until) {
    while (MigrateQueries.left(session, flywaySessions) > 0) {
      if (System.nanoTime() > until) {
        throw Failure.unavailable(
            "a session of Flyway does not end", "see it with: psql -c 'table pg_stat_activity'");
      }
      MigrateQueries.end(session, flywaySessions);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Failure.failed(
          "interrupted while waiting for the server", "see the state: belay list-migrations");
    }
  }

  /**
   * The program is being ended: the statement that runs is stopped, its migration rolled back, and
   * it is said what stays.
   */
  void interrupted(Applying applying) {
    try (Database session = run.databases().open(run.target())) {
      end(session, System.nanoTime() + INTERRUPTED_PATIENCE.toNanos());
      List<String> applied =
          NewRows.read(session, forecast).stream()
              .filter(AppliedMigration::success)
              .map(AppliedMigration::script)
              .toList();
      Optional<String> half = applying.outside().filter(script -> !applied.contains(script));
      run.progress().warn("interrupted; " + run.progress().toPaste(stays(applied, half)));
    } catch (Failure unknown) {
      run.progress()
          .warn(
              "interrupted; what was applied is not known: %s; see: %s"
                  .formatted(unknown.message(), run.progress().toPaste("belay list-migrations")));
    }
  }

  /**
   * What stays, and what to type next.
   *
   * @param half the script that ran in no transaction and is not in Flyway's table: to begin it
   *     again may fail
   */
  private String stays(List<String> applied, Optional<String> half) {
    String app = request.app().name();
    String whole =
        applied.isEmpty()
            ? "nothing was applied"
            : "applied, and it stays: "
                + applied.stream()
                    .filter(script -> forecast.pending(script).isPresent())
                    .map(this::name)
                    .collect(Collectors.joining(", "));
    return half.map(
            script ->
                "%s%s ran in no transaction, so that it may be done, or half of it, and not be in Flyway's table; %s; look with: %s"
                    .formatted(
                        applied.isEmpty() ? "" : whole + "; ",
                        name(script),
                        saved(),
                        ShellWords.join(List.of("belay", "validate-schema", app))))
        .orElseGet(
            () ->
                "%s; %s; go on with: %s"
                    .formatted(whole, saved(), ShellWords.join(List.of("belay", "migrate", app))));
  }

  private String name(String script) {
    return forecast.pending(script).map(Migration::name).orElse(script);
  }
}
