package dev.belay.migrate;

import dev.belay.archive.Level;
import dev.belay.backup.SafetyBackup;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.LiveFlyway;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.migrations.PendingRisk;
import dev.belay.monitor.Monitor;
import dev.belay.monitor.MonitorSettings;
import dev.belay.monitor.MonitorSummary;
import dev.belay.monitor.Monitoring;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.recovery.Before;
import dev.belay.recovery.SessionWatch;
import dev.belay.report.Report;
import dev.belay.rollback.LossAccount;
import dev.belay.rollback.LossExport;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
  private final Map<String, LossAccount> losses = new LinkedHashMap<>();
  private Optional<String> backup = Optional.empty();
  private Optional<MonitorSummary> monitored = Optional.empty();
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
        journal.end(report.exitCode() == ExitCode.OK ? "ok" : "problems");
        return report;
      } catch (Failure thrown) {
        Failure failure = stays(thrown);
        if (Cleanup.interrupted()) {
          journal.leaveOpen();
        } else if (failure.exitCode() == ExitCode.INCOMPLETE) {
          endIncomplete(journal, failure);
        }
        throw failure;
      }
    }
  }

  /** A journal that cannot be written does not hide what the database is like. */
  private static void endIncomplete(Journal journal, Failure failure) {
    try {
      journal.end("incomplete");
    } catch (Failure full) {
      failure.addSuppressed(full);
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
                    backup
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
        request.printed()
            ? settings
            : new MonitorSettings(settings.interval(), Duration.ZERO, settings.folder()),
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
    Found found = phases.in("look", hint(), this::look);
    saved(lock, journal);
    withEmpty();
    UndoKeeping undos = new UndoKeeping(forecast, run.progress(), version);
    Before before = phases.in("ledger", hint(), () -> ledger(undos));
    WatchWindow.Before start = withSession(WatchWindow::before);
    lock.check();
    Failing failing =
        new Failing(run, request, forecast, environment, version, phases, flywaySessions)
            .from(before, backup, others);
    Applying applying =
        new Applying(
            run,
            request,
            forecast,
            undos,
            losses,
            journal,
            String.join("", hint().values()),
            outsideWords());
    LiveFlyway flyway =
        new LiveFlyway(request.app(), run.target(), flywaySessions, request.lockTimeout(), classes);
    try (Cleanup.Pending stop = Cleanup.register(failing::interrupted)) {
      try {
        phases.in("migrate", hint(), () -> migrated(applying, flyway));
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
    journal.step("applied", Map.of(Journal.HINT, appliedWords()));
    FailPoint.reached("migrate-migrated");
    withSession(session -> stored(undos, session));
    Afterwards.Compared compared =
        phases.in(
            "verify",
            hint(),
            () -> Afterwards.Compared.of(Optional.of(found.seen()), withSession(afterwards::look)));
    Optional<WatchWindow.Seen> watched = watched(found.begun(), start);
    Optional<String> breach = watched.flatMap(WatchWindow.Seen::breach);
    if (breach.isPresent()) {
      Failure breached = failing.breached(breach.get(), applying, lock, journal);
      applied = false;
      throw breached;
    }
    if (monitoring != null) {
      monitored = Optional.of(monitoring.finish());
    }
    return withSession(session -> report(session, applying, undos, compared, watched));
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
      backup =
          Optional.of(
              phases.in(
                  "backup",
                  hint(),
                  () ->
                      new SafetyBackup(run, environment, version)
                          .make(lock, request.jobs(), "before " + words(), level.get())));
      journal.step("backed-up", Map.of("backup", backup.get(), Journal.HINT, hintWords()));
      FailPoint.reached("migrate-backup");
    }
    forecast.pending().forEach(this::account);
    if (request.export() && !forecast.losses().isEmpty()) {
      run.progress().step("exporting what is lost");
      phases.in("export", hint(), () -> withSession(this::exported));
      FailPoint.reached("migrate-exported");
    }
  }

  /** What was empty has one too: somebody may write to it before it goes. */
  private void account(Migration migration) {
    MigrationScript script = Objects.requireNonNull(migration.script(), "it is pending");
    List<UndoLoss> lost = forecast.losses(migration);
    if (!lost.isEmpty() || !forecast.emptyLosses(migration).isEmpty()) {
      LossAccount account =
          new LossAccount(
              new LossExport(run, request.app(), request.jobs(), version),
              request.app(),
              request.export(),
              run.settings());
      account.add(lost);
      losses.put(script.script(), account);
    }
  }

  /** After the export: there is nothing in them. */
  private void withEmpty() {
    for (Migration migration : forecast.pending()) {
      MigrationScript script = Objects.requireNonNull(migration.script(), "it is pending");
      LossAccount account = losses.get(script.script());
      if (account != null) {
        account.add(forecast.emptyLosses(migration));
      }
    }
  }

  private boolean exported(Database session) {
    losses.values().forEach(account -> account.export(session));
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
        Applying.newRows(session, forecast).stream()
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
            hint(),
            () ->
                new WatchWindow(run.databases(), run.target(), run.progress())
                    .watch(begun, start, request.watch())));
  }

  private Report report(
      Database session,
      Applying applying,
      UndoKeeping undos,
      Afterwards.Compared compared,
      Optional<WatchWindow.Seen> watched) {
    List<MigrateReport.Line> lines = new ArrayList<>();
    for (AppliedMigration row : Applying.newRows(session, forecast)) {
      forecast
          .pending(row.script())
          .ifPresent(
              migration ->
                  lines.add(
                      new MigrateReport.Line(
                          migration.name(),
                          forecast.of(migration).map(PendingRisk::shownLevel).orElse("unknown"),
                          row.executionMillis())));
    }
    List<String> problems = new ArrayList<>(compared.problems());
    List<String> notes = new ArrayList<>(compared.notes());
    applying
        .ofOthers(Applying.newRows(session, forecast))
        .forEach(row -> notes.add("another Flyway applied meanwhile: " + row.script()));
    if (lines.size() < forecast.pending().size()) {
      problems.add(
          "Flyway applied %d of %d migrations".formatted(lines.size(), forecast.pending().size()));
    }
    return new MigrateReport(
        run.target().toString(),
        request.app().name(),
        false,
        lines,
        forecast.state().history().currentVersion(),
        HistoryQueries.read(session, request.app()).currentVersion(),
        backup.orElse(null),
        files(),
        undos.stored(),
        applying.retries(),
        applying.guard().longestWaitMillis(),
        monitored.orElse(null),
        watched.orElse(null),
        phases.done(),
        problems,
        notes,
        wayBack(lines));
  }

  /** By the undo scripts, where each has one and there was a version before; else the backup. */
  private @Nullable String wayBack(List<MigrateReport.Line> applied) {
    String from = forecast.state().history().currentVersion();
    boolean scripts =
        from != null
            && forecast.pending().stream()
                .allMatch(each -> each.version() == null || each.undo() != null);
    if (scripts && !applied.isEmpty()) {
      return ShellWords.join(
          List.of("belay", "rollback-migration", request.app().name(), "--to", from));
    }
    return backup.map(id -> "belay backup-restore " + id).orElse(null);
  }

  private List<String> files() {
    return losses.values().stream().flatMap(account -> account.files().stream()).toList();
  }

  private <T> T withSession(java.util.function.Function<Database, T> work) {
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

  private Map<String, String> hint() {
    return Map.of(Journal.HINT, hintWords());
  }

  /** For whoever finds the journal when this run was killed after all was applied. */
  private String appliedWords() {
    return "all that was pending is applied; whether all is well say: belay validate-schema, belay verify-integrity"
        + back();
  }

  /** What such a migration did stays, and nobody has written it into Flyway's table. */
  private String outsideWords() {
    return "it runs in no transaction, so that it may be done, or half of it, and not be in Flyway's table: look with: "
        + ShellWords.join(List.of("belay", "validate-schema", request.app().name()))
        + back();
  }

  private String back() {
    return backup.map(id -> "; for the state before: belay backup-restore " + id).orElse("");
  }

  /** For whoever finds the journal when this run was killed. */
  private String hintWords() {
    String app = request.app().name();
    return "what is applied says: %s; go on with: %s%s"
        .formatted(
            ShellWords.join(List.of("belay", "list-migrations", app)),
            ShellWords.join(List.of("belay", "migrate", app)),
            back());
  }
}
