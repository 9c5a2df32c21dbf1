package dev.belay.rollback;

import dev.belay.core.Failure;
import dev.belay.journal.UnfinishedRun;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.Map;
import java.util.Optional;

/** Tells what undos that were killed have left, before their journals are settled. */
final class Interrupted {
  private final GuardedRun run;

  Interrupted(GuardedRun run) {
    this.run = run;
  }

  /** Tells it, of this target and this machine. */
  void tell() {
    for (UnfinishedRun dead : UnfinishedRun.in(run.settings().folders().journal(), ignored -> {})) {
      boolean ours =
          dead.header().command().equals(run.command())
              && dead.header().target().equals(run.target().toString());
      if (ours) {
        run.progress().warn(run.progress().toPaste(words(dead)));
      }
    }
  }

  private String words(UnfinishedRun dead) {
    String before =
        dead.facts("backup").map(facts -> "; its backup is " + facts.get("backup")).orElse("");
    Optional<Map<String, String>> step = dead.facts("step");
    if (step.isPresent()) {
      return "run %s was killed %s statement %s of %s of %s, line %s%s%s"
          .formatted(
              dead.run(),
              dead.lastStep().equals("step-done") ? "after" : "in",
              step.get().get("statement"),
              step.get().get("of"),
              step.get().get("script"),
              step.get().get("line"),
              dead.lastStep().equals("committing")
                  ? ", at a commit: "
                      + became(dead.facts("committing").orElse(Map.of()), "that it was committed")
                  : "",
              dead.facts("backup")
                  .map(
                      facts ->
                          "; for the state before: belay backup-restore " + facts.get("backup"))
                  .orElse("; see the state with: belay list-migrations"));
    }
    if (dead.lastStep().equals("committed")) {
      return "run %s was killed after everything was undone and committed%s"
          .formatted(dead.run(), before);
    }
    return dead.facts("committing")
        .map(
            facts ->
                "run %s was killed at its commit: %s%s"
                    .formatted(
                        dead.run(),
                        became(facts, "that everything was undone and committed"),
                        before))
        .orElse("run %s was killed before anything was undone%s".formatted(dead.run(), before));
  }

  private String became(Map<String, String> facts, String committed) {
    long number = Long.parseLong(facts.getOrDefault("transaction", "0"));
    try (Database session = run.databases().open(run.target())) {
      return switch (RollbackQueries.became(session, number)) {
        case "committed" -> "the server says " + committed;
        case "aborted" -> "the server says that everything was rolled back";
        case "in progress" -> "the server is still at it";
        default -> "the server has forgotten what became of it: belay list-migrations";
      };
    } catch (Failure unknown) {
      return "what became of it is not known: " + unknown.message();
    }
  }
}
