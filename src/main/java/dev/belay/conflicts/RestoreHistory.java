package dev.belay.conflicts;

import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.flyway.HistoryForm;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts a history table back exactly as a copy has it, and saves what it was until then. */
final class RestoreHistory {
  private final GuardedRun run;
  private final HistorySaving saving;

  RestoreHistory(GuardedRun run) {
    this.run = run;
    this.saving = new HistorySaving(run);
  }

  /**
   * Compares, asks, and puts back.
   *
   * @param name the app, to be sure; empty: the one whose history the copy is of
   * @throws Failure FINDINGS when the copy is damaged; REFUSED when it is of another database or
   *     table, a migration is running, or the table changed meanwhile
   */
  Report run(Path file, Optional<String> name, boolean dryRun, Consent consent) {
    HistoryCopy copy = ReportFiles.readCopy(file);
    AppSettings app = app(copy, file, name);
    TableName table = HistoryLocks.table(app);
    try (Database session = run.databases().open(run.target())) {
      refuse(session, copy, app, file);
      HistoryContent now = HistoryTableQueries.content(session, table);
      refuseOtherColumns(now, copy, table);
      List<String> steps = now.stepsTo(copy.content());
      if (steps.isEmpty() || !consent.given(plan(session, copy, table, steps))) {
        return report(app, file, copy, steps, null);
      }
      run.recover();
      replace(session, app, copy, now);
      return report(app, file, copy, steps, saving.fileOf(app.name()));
    }
  }

  private void replace(
      Database session, AppSettings app, HistoryCopy copy, HistoryContent planned) {
    TableName table = HistoryLocks.table(app);
    try (OperationLock lock = run.lock();
        Journal journal = run.journal()) {
      lock.check();
      try {
        new HistoryLocks(run, session, List.of(app))
            .within(
                () -> {
                  saving.forget();
                  HistoryContent now = saving.save(session, app, "restore-history", journal);
                  if (!now.equals(planned)) {
                    throw Failure.refused(
                        "%s changed while the plan was shown".formatted(table.plain()),
                        "look at the new plan: run the same command again");
                  }
                  HistoryTableQueries.replace(session, table, copy.content());
                  if (!HistoryTableQueries.content(session, table).equals(copy.content())) {
                    throw Failure.failed(
                        "%s would not be what the copy says".formatted(table.plain()),
                        "see whether a trigger or rule is on the table: psql -c '\\d+'");
                  }
                  return now;
                });
        journal.end("ok");
      } catch (Failure failure) {
        throw saving.told(failure, journal);
      }
    }
  }

  private AppSettings app(HistoryCopy copy, Path file, Optional<String> name) {
    TableName table = new TableName(copy.schema(), copy.table());
    AppSettings app =
        run.settings().apps().stream()
            .filter(each -> HistoryLocks.table(each).equals(table))
            .findFirst()
            .orElseThrow(
                () ->
                    Failure.refused(
                        "%s is of the history table %s, and no app has that one"
                            .formatted(file, table.plain()),
                        "see the tables of the apps with: belay config"));
    if (name.isPresent() && !run.settings().app(name.get()).name().equals(app.name())) {
      throw Failure.refused(
          "%s is of the history of the app '%s', not of '%s'"
              .formatted(file, app.name(), name.get()),
          "name the copy of the right app");
    }
    return app;
  }

  private void refuse(Database session, HistoryCopy copy, AppSettings app, Path file) {
    Refusals refusals = new Refusals();
    if (!copy.database().equals(run.live())) {
      refusals.add(
          "%s is of the database %s, and the target is %s"
              .formatted(file, copy.database(), run.live()),
          "name the right database with --url, or the right copy");
    }
    if (ServerInfo.differ(
        ServerInfo.systemIdentifier(session), Optional.ofNullable(copy.server()))) {
      refusals.add(
          "%s is of another server (%s)".formatted(file, copy.server()),
          "name the right server with --url, or the right copy");
    }
    HistoryForm form = HistoryForm.read(session, app);
    if (!form.isTable()) {
      refusals.add(
          "there is no history table %s".formatted(HistoryLocks.table(app).plain()),
          "see what there is with: belay list-migrations");
    }
    refusals.refuse();
  }

  private static void refuseOtherColumns(HistoryContent now, HistoryCopy copy, TableName table) {
    if (!now.columns().equals(copy.content().columns())) {
      throw Failure.refused(
          "%s has other columns than the copy: %s, and the copy %s"
              .formatted(table.plain(), words(now), words(copy.content())),
          "give the table the columns that it had, then run the same command again");
    }
  }

  private static String words(HistoryContent content) {
    return String.join(
        ", ",
        content.columns().stream().map(column -> column.name() + " " + column.type()).toList());
  }

  private Plan plan(Database session, HistoryCopy copy, TableName table, List<String> differences) {
    List<String> steps = new ArrayList<>();
    steps.add(
        "save %s as it is into %s"
            .formatted(table.plain(), run.settings().folders().conflictReports()));
    steps.addAll(differences);
    List<String> losses = new ArrayList<>();
    if (copy.databaseNumber() != HistoryTableQueries.databaseNumber(session)) {
      losses.add(
          "%s was replaced since the copy was taken, by a restore it seems: what the copy says was applied may not be in it"
              .formatted(run.live()));
    }
    losses.add(
        "only the history is put back, to what it was at %s: the tables of the app stay as they are"
            .formatted(Units.moment(copy.takenAt())));
    return new Plan(
        "put back the history %s of %s".formatted(table.plain(), run.target()),
        steps,
        losses,
        run.live());
  }

  private Report report(
      AppSettings app, Path file, HistoryCopy copy, List<String> steps, @Nullable String savedAs) {
    return new RestoreHistoryReport(
        run.target().toString(),
        app.name(),
        HistoryLocks.table(app).plain(),
        file.toString(),
        copy.takenAt(),
        steps,
        savedAs);
  }
}
