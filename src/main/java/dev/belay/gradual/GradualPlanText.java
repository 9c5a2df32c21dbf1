package dev.belay.gradual;

import dev.belay.batch.BatchProgress;
import dev.belay.batch.BatchRun;
import dev.belay.batch.BatchStatement;
import dev.belay.batch.SyncMark;
import dev.belay.cli.Plan;
import dev.belay.core.Units;
import dev.belay.flyway.Migration;
import dev.belay.flyway.ScriptStatement;
import dev.belay.postgres.Database;
import dev.belay.rollback.UnseenRepeatables;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLock;
import dev.belay.undo.UndoLoss;
import dev.belay.undo.UndoProof;
import dev.belay.undo.UndoStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is about to be done, phase by phase, for the one who has to agree. */
final class GradualPlanText {
  private final GuardedRun run;
  private final GradualPlan plan;
  private final GradualRequest request;

  GradualPlanText(GuardedRun run, GradualPlan plan, GradualRequest request) {
    this.run = run;
    this.plan = plan;
    this.request = request;
  }

  Plan of(
      Database session,
      Optional<BatchRun> open,
      BiFunction<Database, Long, List<BatchProgress>> progress) {
    List<String> steps = new ArrayList<>();
    open.ifPresent(
        begun ->
            steps.add(
                "go on with run %d of %s, which is %s in phase %s"
                    .formatted(
                        begun.id(),
                        Units.moment(begun.begunAt()),
                        begun.state().word(),
                        begun.phase())));
    if (open.isEmpty()) {
      prepare(steps);
    }
    List<BatchProgress> done =
        open.map(begun -> progress.apply(session, begun.id())).orElse(List.of());
    for (int number = 0; number < plan.batches().size(); number++) {
      steps.add(batch(plan.batches().get(number), number < done.size() ? done.get(number) : null));
    }
    for (GradualPlan.Part part : plan.switching()) {
      steps.add(
          "schema, in one transaction: take %s back with %s"
              .formatted(
                  part.step().migration().name(),
                  part.statements().isEmpty()
                      ? "nothing more"
                      : Units.count(part.statements().size(), "statement", "statements")));
    }
    for (UndoLock lock : plan.undo().locks()) {
      steps.add(
          "schema: lock %s (%s)%s"
              .formatted(
                  lock.table().plain(),
                  lock.mode().word(),
                  lock.rewrites() ? ", and write every row of it anew: applications wait" : ""));
    }
    steps.add("verify that the schema is what the migrations that are left give");
    return new Plan(
        "take %s of %s back gradually in %s"
            .formatted(
                plan.undo().steps().stream()
                    .map(step -> step.migration().name())
                    .collect(Collectors.joining(", ")),
                plan.undo().app().name(),
                run.target()),
        steps,
        notes(),
        losses(),
        run.live());
  }

  private List<String> losses() {
    List<String> losses = new ArrayList<>();
    plan.losses().forEach(loss -> losses.add(loss(loss)));
    if (plan.undo().proof().verdict() == UndoProof.Verdict.NOT_TRIED) {
      losses.add("what is lost is not known, since the undo was not tried");
    }
    UnseenRepeatables.words(plan.undo()).ifPresent(losses::add);
    return losses;
  }

  private void prepare(List<String> steps) {
    steps.add(
        request.backup() ? "prepare: make a backup" : "prepare: make no backup (--no-backup)");
    if (!plan.losses().isEmpty()) {
      steps.add(
          request.export()
              ? "prepare: export what is lost"
              : "prepare: export nothing of what is lost (--no-export)");
    }
    for (GradualPlan.Part part : plan.preparing()) {
      for (ScriptStatement statement : part.statements()) {
        steps.add("prepare: " + GradualPlan.begin(statement) + " (it only adds)");
      }
    }
    for (SyncMark sync : plan.syncs()) {
      steps.add(
          "prepare: keep %s and %s of %s equal by a trigger"
              .formatted(sync.newColumn(), sync.oldColumn(), sync.table().plain()));
    }
  }

  private String batch(BatchStatement statement, @Nullable BatchProgress done) {
    String far =
        done == null
            ? ""
            : done.finished()
                ? "; done"
                : "; from where %s are done".formatted(Units.count(done.keysDone(), "row", "rows"));
    return "data: %s over %s in batches, %s%s"
        .formatted(
            statement.where(), statement.mark().table().plain(), request.pace().words(), far);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>(plan.undo().notes());
    notes.addAll(plan.unkept().notes());
    for (UndoStep step : plan.undo().steps()) {
      notes.addAll(step.notes());
    }
    for (BatchStatement statement : plan.batches()) {
      boolean synced =
          plan.syncs().stream().anyMatch(sync -> sync.table().equals(statement.mark().table()));
      if (!statement.mark().repeatable() && !synced) {
        notes.add(
            "%s: rows that come with a key behind the batch that is being done are not reached (repeatable=yes goes over all once more)"
                .formatted(statement.where()));
      }
    }
    for (BatchStatement statement : plan.late()) {
      notes.add(
          "%s: rows that come after its last batch are looked for under the locks of the switch, for half a second at most; a report that says so leaves them to you"
              .formatted(statement.where()));
    }
    if (plan.undo().proof().verdict() == UndoProof.Verdict.NOT_TRIED) {
      notes.add(
          "the undo was not tried in a scratch database: "
              + plan.undo().proof().reason().orElse("no reason is known"));
    }
    for (Migration vanishing : plan.undo().vanishing()) {
      notes.add(
          request.hold()
              ? "%s goes with it and stays recorded as applied: what it made is missing until the held migration is reopened"
                  .formatted(vanishing.name())
              : "%s goes with it and is recorded as deleted: the next start of an application that has it runs it again"
                  .formatted(vanishing.name()));
    }
    notes.add(
        request.hold()
            ? "the next start of an application that has the migration does not apply it again (--hold)"
            : "the next start of an application that has the migration applies it again");
    return notes;
  }

  /** Tables, columns and numbers. */
  static String losses(List<UndoLoss> losses) {
    return losses.stream()
        .filter(loss -> loss.rows() > 0)
        .map(GradualPlanText::loss)
        .collect(Collectors.joining("; "));
  }

  private static String loss(UndoLoss loss) {
    String rows = (loss.exact() ? "" : "about ") + Units.count(loss.rows());
    String name = loss.table().plain();
    return switch (loss.kind()) {
      case TABLE -> "%s is dropped with %s rows".formatted(name, rows);
      case COLUMN ->
          "%s.%s is dropped with %s values".formatted(name, loss.column().orElse(""), rows);
      case EMPTIED -> "%s is emptied of %s rows".formatted(name, rows);
      case REMOVED -> "rows of %s are removed or overwritten by statements".formatted(name);
    };
  }
}
