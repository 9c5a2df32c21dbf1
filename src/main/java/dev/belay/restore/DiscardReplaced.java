package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.core.Changing;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseDrop;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.Replaced;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Drops replaced databases, by name only. */
final class DiscardReplaced {
  private final GuardedRun run;

  DiscardReplaced(GuardedRun run) {
    this.run = run;
  }

  Report run(String name, boolean dryRun, Consent consent) {
    if (!dryRun) {
      run.recover();
    }
    List<Replaced> chosen = choose(name);
    if (chosen.isEmpty()) {
      return new DiscardReport(run.target().toString(), List.of(), 0);
    }
    Plan plan =
        new Plan(
            "drop what %s was before it was replaced".formatted(run.target()),
            chosen.stream()
                .map(kept -> "drop the database %s (%s)".formatted(kept.name(), size(kept)))
                .toList(),
            chosen.stream()
                .map(
                    kept ->
                        "all rows of %s as it was at %s are gone for ever; only a backup brings"
                                .formatted(kept.of(), Units.moment(kept.at()))
                            + " them back")
                .toList(),
            run.live());
    if (!consent.given(plan)) {
      return PlanReport.of(plan);
    }
    try (OperationLock lock = run.lock();
        Journal journal = run.journal();
        Database session = run.openMaintenance()) {
      lock.check();
      drop(chosen.get(0), session, journal);
      for (Replaced next : chosen.subList(1, chosen.size())) {
        Changing.step(
            "dropping " + next.name(),
            "some replaced databases are dropped, " + run.live() + " is as it was",
            "see which are left with: belay list-replaced",
            () -> drop(next, session, journal));
      }
      journal.end("ok");
    }
    return new DiscardReport(
        run.target().toString(),
        chosen.stream().map(Replaced::name).toList(),
        chosen.stream().mapToLong(Replaced::sizeBytes).sum());
  }

  private Replaced drop(Replaced kept, Database session, Journal journal) {
    journal.step("discard", Map.of("database", kept.name()));
    // Looked up again under the lock: it may have been swapped in since the plan.
    Replaced still = ReplacedChoice.one(session, run.live(), Optional.of(kept.name()));
    long sessions = still.sessions(session);
    if (sessions > 0) {
      throw Failure.refused(
          "%s is in use: %s"
              .formatted(
                  kept.name(), Units.count(sessions, "session is", "sessions are") + " with it"),
          "end them first, if nobody needs it any more");
    }
    DatabaseDrop.now(session, kept.name());
    run.progress().step("dropped " + kept.name());
    return kept;
  }

  private List<Replaced> choose(String name) {
    try (Database session = run.openMaintenance()) {
      return name.equals("all")
          ? ReplacedChoice.all(session, run.live()).stream().filter(this::isClosed).toList()
          : List.of(ReplacedChoice.one(session, run.live(), Optional.of(name)));
    }
  }

  /** What somebody has opened may be in use again, so only its name discards it. */
  private boolean isClosed(Replaced kept) {
    if (kept.open()) {
      run.progress()
          .warn(
              "%s stays, since somebody opened it; to drop it: %s"
                  .formatted(
                      kept.name(),
                      run.progress()
                          .toPaste(
                              "belay "
                                  + ShellWords.join(List.of("discard-replaced", kept.name())))));
    }
    return !kept.open();
  }

  private static String size(Replaced kept) {
    return kept.sizeBytes() == 0 ? "size not known" : Units.bytes(kept.sizeBytes());
  }
}
