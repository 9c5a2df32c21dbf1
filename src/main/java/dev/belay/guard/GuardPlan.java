package dev.belay.guard;

import dev.belay.cli.Plan;
import dev.belay.core.Units;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;

/** What a guard is going to do, for whoever agrees to it. */
final class GuardPlan {
  private final GuardedRun run;
  private final GuardRequest request;

  GuardPlan(GuardedRun run, GuardRequest request) {
    this.run = run;
    this.request = request;
  }

  Plan plan() {
    List<String> steps = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    List<String> losses = new ArrayList<>();
    request
        .backup()
        .ifPresentOrElse(
            level -> steps.add("make a backup of the whole database, proven to be " + level),
            () -> losses.add("no backup is made, so a failure may leave no way back: --no-backup"));
    steps.add(
        "run %s in %s%s"
            .formatted(
                CommandWords.shown(request.command()),
                request.directory(),
                request.limit().isZero()
                    ? ""
                    : ", for %s at most".formatted(Units.duration(request.limit()))));
    steps.add("look at what it changed, and keep the undo scripts of what Flyway applied");
    notes.add(
        "when it fails: "
            + switch (request.policy()) {
              case UNDO ->
                  "undo what Flyway's tables say it applied, where that is proven; else restore the"
                      + " backup, where nobody else wrote since; else leave it and say what to do";
              case RESTORE ->
                  "restore the backup; what is live then is kept, and what others wrote since is"
                      + " only there";
              case STOP -> "leave it as it is and say what to do";
            });
    notes.add("other belays are kept out meanwhile; applications, and Flyway itself, are not");
    return new Plan(
        "run a command guarded on %s%s"
            .formatted(run.target(), request.name().isEmpty() ? "" : ", called " + request.name()),
        steps,
        notes,
        losses,
        run.live());
  }
}
