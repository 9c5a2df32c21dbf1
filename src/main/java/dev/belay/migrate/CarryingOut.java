package dev.belay.migrate;

import dev.belay.archive.Level;
import dev.belay.backup.SafetyBackup;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.LiveFlyway;
import dev.belay.flyway.Migration;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.monitor.Monitor;
import dev.belay.monitor.MonitorSettings;
import dev.belay.monitor.Monitoring;
import dev.belay.postgres.Database;
import dev.belay.recovery.Before;
import dev.belay.recovery.SessionWatch;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Carries out what was agreed to, phase by phase, each in the journal before it begins. */
final class CarryingOut {
  private final GuardedRun run;
  private final MigrateRequest request;
  private final Forecast forecast;
  private final Map<String, String> environment;
  private final String version;
  private final Phases phases;
  private final String flywaySessions;
  private final Afterwards afterwards;
  private JournalHints hints;
  private boolean applied;

  CarryingOut(
      GuardedRun run,
      MigrateRequest request,
      Forecast forecast,
      Map<String, String> environment,
      String version,
      Phases phases) {
    this.run = run;
    this.request = request;
    this.forecast = forecast;
    this.environment = environment;
    this.version = version;
    this.phases = phases;
    this.flywaySessions = RunSessions.name(run.run(), "flyway");
    this.afterwards = new Afterwards(run, request, forecast);
    this.hints = new JournalHints(request.app().name(), Optional.empty());
  }

  /** How it was before the first migration. */
  private record Found(Afterwards.Seen seen, WatchWindow.Before begun) {}

  /**
   * Carries it out.
   *
   * @throws Failure FAILED when a migration failed and everything is as before; INCOMPLETE when
   *     something is left, with the command that finishes or takes it back; as {@code
   *     create-backup} and {@code export-data} when those fail, before anything is changed
   */
  Report run(OperationLock lock, ClassLoader classes) {
    try {
      return journaled(lock, classes);
    } catch (Failure failure) {
      throw stays(failure);
    } catch (RuntimeException | Error defect) {
      if (applied) {
        throw stays(Failure.unexpected(defect));
      }
      throw defect;
    }
  }

  private Report journaled(OperationLock lock, ClassLoader classes) {
    try (Journal journal = run.journal();
        Monitoring monitoring = monitoring()) {
      phases.writtenTo(journal);
      phases.markedIn(monitoring);
      try (SessionWatch others = SessionWatch.begin(run, Set.of(flywaySessions))) {
        Report report = phased(lock, journal, others, classes, monitoring);
        journal.end(report.exitCode() == ExitCode.OK ? Journal.OK : "problems");
        return report;
      } catch (Failure thrown) {
        Failure failure = stays(thrown);
        if (Cleanup.interrupted()) {
          journal.leaveOpen();
        } else if (failure.exitCode() == ExitCode.INCOMPLETE) {
          journal.end(Journal.INCOMPLETE);
        }
        throw failure;
      } catch (RuntimeException | Error defect) {
        if (Cleanup.interrupted()) {
          journal.leaveOpen();
        } else if (applied) {
          journal.end(Journal.INCOMPLETE);
        }
        throw defect;
      }
    }
  }

  /** Whatever breaks after all was applied, the database is not as before. */
  private Failure stays(Failure failure) {
    if (!applied || failure.exitCode() == ExitCode.INCOMPLETE) {
      return failure;
    }
    return Failure.incomplete(
            "all was applied, and then: " + failure.message(),
            "applied: %s; %s"
                .formatted(
                    String.join(", ", forecast.pending().stream().map(Migration::name).toList()),
                    hints
                        .backup()
                        .map(id -> "the backup from before is " + id)
                        .orElse("there is no backup from before")),
            "look whether all is well: belay validate-schema, belay verify-integrity")
        .causedBy(failure);
  }

  /** One that is off watches nothing. */
  private @Nullable Monitoring monitoring() {
    if (!request.monitor()) {
      return null;
    }
    MonitorSettings settings = MonitorSettings.of(run.settings());
    return Monitor.start(
        run.databases(),
        run.target(),
        request.printed() ? settings : settings.silent(),
        run.command(),
        run.run(),
        run.progress());
  }

  private Report phased(
      OperationLock lock,
      Journal journal,
      SessionWatch others,
      ClassLoader classes,
      @Nullable Monitoring monitoring) {
    Found found = phases.in("look", hints.facts(), this::look);
    saved(lock, journal);
    PlannedLosses losses = losses();
    UndoKeeping undos = new UndoKeeping(forecast, run.progress(), version);
    Before before = phases.in("ledger", hints.facts(), () -> ledger(undos));
    WatchWindow.Before start = withSession(WatchWindow::before);
    lock.check();
    Failing failing =
        new Failing(run, request, forecast, environment, version, phases, flywaySessions)
            .from(before, hints.backup(), others);
    Applying applying =
        new Applying(
            run,
            request,
            forecast,
            undos,
            losses.accounts(),
            journal,
            hints.goOn(),
            hints.outside());
    LiveFlyway flyway =
        new LiveFlyway(request.app(), run.target(), flywaySessions, request.lockTimeout(), classes);
    try (Cleanup.Pending stop = Cleanup.register(() -> failing.interrupted(applying))) {
      try {
        phases.in("migrate", hints.facts(), () -> migrated(applying, flyway));
      } catch (RuntimeException | Error thrown) {
        if (!Cleanup.interrupted()) {
          storedAnyway(undos);
        }
        throw failing.failed(known(thrown), applying, lock, journal);
      } finally {
        stop.cancel();
      }
    }
    applied = true;
    journal.step("applied", Map.of(Journal.HINT, hints.applied(), Journal.OUTSIDE, ""));
    FailPoint.reached("migrate-migrated");
    withSession(session -> stored(undos, session));
    Afterwards.Compared compared =
        phases.in(
            "verify",
            hints.facts(),
            () -> Afterwards.Compared.of(Optional.of(found.seen()), withSession(afterwards::look)));
    Optional<WatchWindow.Seen> watched = watched(found.begun(), start);
    Optional<String> breach = watched.flatMap(WatchWindow.Seen::breach);
    if (breach.isPresent()) {
      Failure breached = failing.breached(breach.get(), applying, lock, journal);
      applied = false;
      throw breached;
    }
    MigrateAnswers.Done done =
        new MigrateAnswers.Done(
            applying,
            undos,
            hints.backup(),
            losses.files(),
            Optional.ofNullable(monitoring).map(Monitoring::finish),
            compared,
            watched);
    return withSession(
        session -> new MigrateAnswers(run, request, forecast, phases).done(session, done));
  }

  /** What a Java migration throws goes through Flyway where it is no exception. */
  private static Failure known(Throwable thrown) {
    return thrown instanceof Failure failure
        ? failure
        : Failure.failed(
                "a migration or Flyway broke: " + thrown, "see its trace at the end of belay.log")
            .causedBy(thrown);
  }

  private Found look() {
    run.progress().step("looking at schema and data as they are before");
    return withSession(session -> new Found(afterwards.look(session), WatchWindow.before(session)));
  }

  private void saved(OperationLock lock, Journal journal) {
    Optional<Level> level = request.backup();
    if (level.isPresent()) {
      run.progress().step("making a backup first");
      String backup =
          phases.in(
              "backup",
              hints.facts(),
              () ->
                  new SafetyBackup(run, environment, version)
                      .make(lock, request.jobs(), "before " + words(), level.get()));
      hints = new JournalHints(request.app().name(), Optional.of(backup));
      journal.step("backed-up", Map.of("backup", backup, Journal.HINT, hints.goOn()));
      FailPoint.reached("migrate-backup");
    }
  }

  /** What is lost, exported as far as that was asked for. */
  private PlannedLosses losses() {
    PlannedLosses losses = new PlannedLosses(run, request, forecast, version);
    if (request.export() && !forecast.losses().isEmpty()) {
      run.progress().step("exporting what is lost");
      phases.in("export", hints.facts(), () -> withSession(session -> exported(losses, session)));
      FailPoint.reached("migrate-exported");
    }
    losses.addEmpty();
    return losses;
  }

  private static boolean exported(PlannedLosses losses, Database session) {
    losses.export(session);
    return true;
  }

  private Before ledger(UndoKeeping undos) {
    return withSession(
        session -> {
          undos.prepare(session);
          return Before.take(run, session);
        });
  }

  private boolean migrated(Applying applying, LiveFlyway flyway) {
    run.progress()
        .step(
            "Flyway applies %s"
                .formatted(Units.count(forecast.pending().size(), "migration", "migrations")));
    applying.run(flyway);
    return true;
  }

  private boolean stored(UndoKeeping undos, Database session) {
    undos.finish(
        session,
        NewRows.read(session, forecast).stream()
            .filter(AppliedMigration::success)
            .map(AppliedMigration::script)
            .toList());
    return true;
  }

  /** What stays applied keeps its undo, if the server is there. */
  private void storedAnyway(UndoKeeping undos) {
    try {
      withSession(session -> stored(undos, session));
    } catch (Failure unreachable) {
      run.progress().detail("undo scripts are not stored: " + unreachable.message());
    } catch (RuntimeException | Error defect) {
      // What became of the database is to be found out all the same.
      run.progress().warn("undo scripts are not stored: " + Failure.unexpected(defect).message());
    }
  }

  private Optional<WatchWindow.Seen> watched(WatchWindow.Before begun, WatchWindow.Before start) {
    if (request.watch().isZero()) {
      return Optional.empty();
    }
    run.progress().step("watching the database for %s".formatted(Units.duration(request.watch())));
    return Optional.of(
        phases.in(
            "watch",
            hints.facts(),
            () ->
                new WatchWindow(run.databases(), run.target(), run.progress())
                    .watch(begun, start, request.watch())));
  }

  private <T> T withSession(Function<Database, T> work) {
    try (Database session = run.databases().open(run.target())) {
      return work.apply(session);
    }
  }

  private String words() {
    return "migrate %s: %s"
        .formatted(
            request.app().name(),
            String.join(", ", forecast.pending().stream().map(Migration::name).toList()));
  }
}
