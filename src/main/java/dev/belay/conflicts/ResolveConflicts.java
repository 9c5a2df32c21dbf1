package dev.belay.conflicts;

import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Conflict;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the conflicts of apps, and resolves those that are safe to resolve in one transaction, with
 * a copy of each history taken in it before anything is changed.
 */
final class ResolveConflicts {
  private final GuardedRun run;
  private final HistorySaving saving;

  ResolveConflicts(GuardedRun run) {
    this.run = run;
    this.saving = new HistorySaving(run);
  }

  /**
   * Looks, asks, and resolves.
   *
   * @param name the app; empty: all apps
   * @throws Failure USAGE for names that do not exist; REFUSED when the plan is not confirmed, a
   *     migration is running, or something changed meanwhile
   */
  Report run(Optional<String> name, Chosen chosen, boolean dryRun, Consent consent) {
    chosen.check();
    List<AppSettings> apps =
        name.map(each -> List.of(run.settings().app(each))).orElse(run.settings().apps());
    if (chosen.namesMigrations() && apps.size() > 1) {
      throw Failure.usage(
          "there are several apps, and which of them a migration is of is not said",
          "name the app: belay resolve-conflicts <app>, one of: "
              + String.join(", ", apps.stream().map(AppSettings::name).toList()));
    }
    try (Database session = run.databases().open(run.target())) {
      Findings findings = Findings.read(session, run.settings(), apps, chosen);
      if (findings.changes().isEmpty()) {
        return report(findings, List.of(), List.of(), !dryRun);
      }
      findings.refuseWhatIsNoTable();
      if (!consent.given(plan(findings))) {
        return report(findings, List.of(), List.of(), false);
      }
      run.recover();
      change(session, apps, chosen, findings);
      return looked(session, apps, chosen, findings);
    }
  }

  private void change(Database session, List<AppSettings> apps, Chosen chosen, Findings planned) {
    try (OperationLock lock = run.lock();
        Journal journal = run.journal()) {
      lock.check();
      change(session, touched(apps, planned), chosen, planned, journal);
      journal.end("ok");
    }
  }

  private void change(
      Database session,
      List<AppSettings> touched,
      Chosen chosen,
      Findings planned,
      Journal journal) {
    try {
      new HistoryLocks(run, session, touched)
          .within(
              () -> {
                saving.forget();
                List<RowChange> now = Findings.changes(session, touched, chosen);
                if (!now.equals(planned.changes())) {
                  throw Failure.refused(
                      "the history or the scripts changed while the plan was shown",
                      "look at the new plan: run the same command again");
                }
                touched.forEach(app -> saving.save(session, app, "resolve-conflicts", journal));
                touched.forEach(app -> apply(session, app, planned));
                return now;
              });
    } catch (Failure failure) {
      throw saving.told(failure, journal);
    }
  }

  /**
   * The same for what another operation has chosen and had agreed to, which holds the operation
   * lock and keeps the journal.
   *
   * @return the copies of the history as it was before; empty: there was nothing to change
   */
  List<String> within(Database session, AppSettings app, Chosen chosen, Journal journal) {
    chosen.check();
    Findings findings = Findings.read(session, run.settings(), List.of(app), chosen);
    if (findings.changes().isEmpty()) {
      return List.of();
    }
    findings.refuseWhatIsNoTable();
    change(session, List.of(app), chosen, findings, journal);
    return saving.files();
  }

  private static List<AppSettings> touched(List<AppSettings> apps, Findings findings) {
    return apps.stream()
        .filter(app -> findings.changes().stream().anyMatch(each -> each.app().equals(app.name())))
        .toList();
  }

  private static void apply(Database session, AppSettings app, Findings planned) {
    TableName table = HistoryLocks.table(app);
    Map<Integer, AppliedMigration> rows = new HashMap<>();
    for (RowChange change : planned.changes()) {
      if (!change.app().equals(app.name())) {
        continue;
      }
      AppliedMigration row = rows.getOrDefault(change.rank(), change.row());
      int changed = HistoryTableQueries.apply(session, table, change, row);
      if (changed != 1) {
        throw Failure.failed(
            "row %d of %s could not be changed as planned: %s would have been"
                .formatted(change.rank(), table.plain(), Units.count(changed, "row", "rows")),
            "see whether a trigger or rule is on the table: psql -c '\\d+'");
      }
      rows.put(change.rank(), change.after(row));
    }
  }

  /** What is left, seen by a new look. */
  private Report looked(Database session, List<AppSettings> apps, Chosen chosen, Findings planned) {
    Findings left;
    try {
      left =
          Findings.read(
              session, run.settings(), apps, new Chosen(chosen.only(), List.of(), List.of()));
    } catch (Failure failure) {
      throw Failure.incomplete(
              "what is left could not be looked at: " + failure.message(),
              "the history was changed as planned; as it was before: "
                  + String.join(", ", saving.files()),
              "look again with: belay resolve-conflicts --dry-run")
          .causedBy(failure);
    }
    return report(left, planned.changes(), saving.files(), true);
  }

  private Report report(
      Findings findings, List<RowChange> resolved, List<String> copies, boolean write) {
    Instant now = Instant.now();
    List<AppConflicts> apps = new ArrayList<>();
    for (AppConflicts app : findings.apps()) {
      List<RowChange> own =
          resolved.stream().filter(change -> change.app().equals(app.app())).toList();
      boolean worthIt = app.serious() > 0 || !own.isEmpty();
      apps.add(write && worthIt ? app.withReport(page(app, own, now)) : app);
    }
    return new ConflictsReport(run.target().toString(), apps, resolved, copies);
  }

  /** The page is for reading: that it cannot be written must not hide what was done. */
  private @Nullable String page(AppConflicts app, List<RowChange> resolved, Instant now) {
    String copy = saving.fileOf(app.app());
    String text =
        ConflictPage.of(run.target().toString(), app, resolved, copy, now, run.progress()::toPaste);
    try {
      return saving.writeReport(app.app(), now, text);
    } catch (Failure cannot) {
      run.progress().warn("no report: " + cannot.message());
      return null;
    }
  }

  private Plan plan(Findings findings) {
    List<String> steps = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (AppConflicts app : findings.apps()) {
      if (!app.resolvable().isEmpty()) {
        steps.add(
            "save the history %s as it is into %s"
                .formatted(app.history(), run.settings().folders().conflictReports()));
        app.resolvable().forEach(change -> steps.add(change.words()));
      }
      app.conflicts().stream()
          .filter(conflict -> conflict.effect() != Conflict.Effect.NOTICE)
          .forEach(
              conflict ->
                  notes.add("found: %s: %s".formatted(conflict.kind().word(), conflict.what())));
    }
    notes.add("all of it in one transaction; what is not named above is left as it is");
    return new Plan(
        "resolve conflicts in the history of %s".formatted(run.target()),
        steps,
        notes,
        List.of(),
        run.live());
  }
}
