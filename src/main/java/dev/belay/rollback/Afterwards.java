package dev.belay.rollback;

import dev.belay.catalogue.Difference;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.MigrationHistory;
import dev.belay.integrity.CheckResult;
import dev.belay.integrity.CheckScope;
import dev.belay.integrity.Checking;
import dev.belay.integrity.Checks;
import dev.belay.integrity.Finding;
import dev.belay.integrity.Pace;
import dev.belay.integrity.Severity;
import dev.belay.integrity.Unchecked;
import dev.belay.postgres.Database;
import dev.belay.scratch.ExpectedSchema;
import dev.belay.scratch.SchemaDrift;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.BeyondRollback;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoProof;
import dev.belay.undo.UndoStep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Looks whether everything is as it should be after an undo. Reads only. */
final class Afterwards {
  private static final int MOST = 50;

  private final GuardedRun run;
  private final UndoPlan plan;
  private final Set<TableName> tables;

  /**
   * @param tables those whose data is checked
   */
  Afterwards(GuardedRun run, UndoPlan plan, Set<TableName> tables) {
    this.run = run;
    this.plan = plan;
    this.tables = Set.copyOf(tables);
  }

  /** What breaks a promise of the data now, each as a line; to be asked before and after. */
  private Set<String> integrity(Database session) {
    Set<String> found = new TreeSet<>();
    if (tables.isEmpty()) {
      return found;
    }
    CheckScope scope = CheckScope.of(tables::contains);
    Checking checking =
        new Checking(
                () -> run.databases().open(run.target()),
                Pace.forBusy(),
                run.settings().lockTimeout(),
                MOST,
                run.progress())
            .lookingAt(session, scope);
    if (checking.isWithoutRelations()) {
      return found;
    }
    for (CheckResult result : checking.run(Checks.builtIn())) {
      if (result.check().severity() != Severity.ERROR) {
        continue;
      }
      for (Finding finding : result.findings()) {
        found.add("%s: %s".formatted(result.check().id(), finding.place()));
      }
      for (Unchecked unchecked : result.unchecked()) {
        found.add("%s could not be checked: %s".formatted(result.check().id(), unchecked.what()));
      }
    }
    return found;
  }

  /** Why the schema cannot be compared afterwards, in words; empty: it can. */
  static Optional<String> whyNotCompared(UndoPlan plan) {
    return plan.expected().isPresent()
        ? Optional.empty()
        : Optional.of(
            "the schema is not compared: "
                + plan.proof()
                    .reason()
                    .orElse("what is expected is not known, since the history has a baseline"));
  }

  /** In what the live schema differs from what was expected; empty where nothing was expected. */
  private List<Difference> schema(Database session) {
    return plan.expected()
        .map(
            expected ->
                SchemaDrift.of(
                        run.settings(),
                        plan.app(),
                        run.databases(),
                        session,
                        new ExpectedSchema(expected, run.target().user(), List.of()))
                    .comparison()
                    .differences())
        .orElse(List.of());
  }

  private static String words(Difference difference) {
    return difference.group().name().toLowerCase(Locale.ROOT) + ": " + difference.key();
  }

  /** What Flyway's table does not say as it should. */
  private List<String> history(Database session) {
    MigrationHistory now = HistoryQueries.read(session, plan.app());
    List<String> wrong = new ArrayList<>();
    for (UndoStep step : plan.steps()) {
      AppliedMigration row = Recording.applied(step.migration());
      if (now.inForce().contains(row)) {
        wrong.add("%s still counts as applied".formatted(step.migration().name()));
      }
    }
    return wrong;
  }

  /**
   * What was not as it should be before the undo already.
   *
   * @param integrity findings about the data
   * @param schema in what the schema differed from what is expected afterwards
   * @param beyond sequences and large objects
   */
  record Before(Set<String> integrity, Set<Difference> schema, BeyondRollback beyond) {}

  /** Looks before the undo. */
  Before before(Database session) {
    return new Before(
        integrity(session), new LinkedHashSet<>(schema(session)), BeyondRollback.read(session));
  }

  /**
   * What is not as it should be.
   *
   * @param problems that came with the undo, or that could not be looked at
   * @param notes what was so before, and a proven undo did not bring about
   */
  record Found(List<String> problems, List<String> notes) {}

  /** Looks after the undo. */
  Found after(Database session, Before before) {
    List<String> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    whyNotCompared(plan).ifPresent(notes::add);
    UnseenRepeatables.words(plan).ifPresent(notes::add);
    try {
      problems.addAll(history(session));
      notes.addAll(before.beyond().lost(session));
      // Where the scripts are proven to leave nothing, what was there before is somebody's change.
      boolean proven = plan.proof().verdict() == UndoProof.Verdict.PROVEN;
      for (Difference difference : schema(session)) {
        if (difference.isColumnOrderOnly()) {
          notes.add(
              "the columns of %s are in another order than before, which matters to SELECT * and INSERT without names"
                  .formatted(difference.key().plain()));
        } else if (proven && before.schema().contains(difference)) {
          notes.add("the schema differed before already: " + words(difference));
        } else {
          problems.add("schema: " + words(difference));
        }
      }
      integrity(session).stream()
          .filter(each -> !before.integrity().contains(each))
          .forEach(each -> problems.add("integrity: " + each));
    } catch (Failure failure) {
      problems.add("it could not be looked at: " + failure.message());
    }
    return new Found(problems, notes);
  }
}
