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
        run.progress().warn(words(dead));
      }
    }
  }

  private String words(UnfinishedRun dead) {
    String before =
        dead.facts("backup").map(facts -> "; its backup is " + facts.get("backup")).orElse("");
    Optional<Map<String, String>> step = dead.facts("step");
    if (step.isPresent()) {
      boolean through = dead.lastStep().equals("step-done");
      return "run %s was killed %s statement %s of %s of %s, line %s%s; for the state before: belay backup-restore <backup>"
          .formatted(
              dead.run(),
              through ? "after" : "in",
              step.get().get("statement"),
              step.get().get("of"),
              step.get().get("script"),
              step.get().get("line"),
              before);
    }
    if (dead.lastStep().equals("committed")) {
      return "run %s was killed after everything was undone and committed%s"
          .formatted(dead.run(), before);
    }
    return dead.facts("committing")
        .map(
            facts ->
                "run %s was killed at its commit: %s%s"
                    .formatted(dead.run(), became(facts), before))
        .orElse("run %s was killed before anything was undone%s".formatted(dead.run(), before));
  }

  private String became(Map<String, String> facts) {
    long number = Long.parseLong(facts.getOrDefault("transaction", "0"));
    try (Database session = run.databases().open(run.target())) {
      return switch (RollbackQueries.became(session, number)) {
        case "committed" -> "the server says that everything was undone and committed";
        case "aborted" -> "the server says that everything was rolled back";
        case "in progress" -> "the server is still at it";
        default -> "the server has forgotten what became of it: belay list-migrations";
      };
    } catch (Failure unknown) {
      return "what became of it is not known: " + unknown.message();
    }
  }
}
