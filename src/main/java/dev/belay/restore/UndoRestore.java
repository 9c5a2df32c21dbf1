package dev.belay.restore;

import dev.belay.cli.Consent;
import dev.belay.cli.Plan;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.Obstacle;
import dev.belay.swap.Obstacles;
import dev.belay.swap.Replaced;
import dev.belay.swap.SwapResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Swaps a replaced database back in. */
final class UndoRestore {
  private final GuardedRun run;

  UndoRestore(GuardedRun run) {
    this.run = run;
  }

  Report run(Optional<String> name, boolean dryRun, Consent consent) {
    if (!dryRun) {
      run.recover();
    }
    Replaced chosen;
    List<String> warnings = new ArrayList<>();
    try (Database session = run.openMaintenance()) {
      chosen = ReplacedChoice.one(session, run.live(), name);
      List<Obstacle> obstacles = Obstacles.find(session, run.live());
      Obstacles.refuse(obstacles, run.live());
      obstacles.forEach(obstacle -> warnings.add(obstacle.line()));
      if (!chosen.isOfTheSameOwner(session)) {
        warnings.add(
            "%s is owned by %s, who does not own %s"
                .formatted(chosen.name(), chosen.owner(), run.live()));
      }
    }
    Plan plan = plan(chosen, warnings);
    if (!consent.given(plan)) {
      return PlanReport.of(plan);
    }
    try (OperationLock lock = run.lock();
        Journal journal = run.journal()) {
      SwapResult result = swap(journal, lock, chosen);
      journal.end("ok");
      return new UndoReport(
          run.target().toString(),
          chosen.name(),
          result.replaced(),
          bringBack(chosen, result.replaced()),
          result.outageMillis(),
          result.sessionsEnded());
    }
  }

  /** What was swapped in instead of it says which backup that was. */
  private static @Nullable String bringBack(Replaced chosen, String kept) {
    String[] by = chosen.by().split(" ", 2);
    boolean restored =
        by.length == 2 && List.of("backup-restore", "emergency-rollback").contains(by[0]);
    return restored
        ? "belay " + ShellWords.join(List.of("reconcile-data", by[1], "--from", kept))
        : null;
  }

  private SwapResult swap(Journal journal, OperationLock lock, Replaced chosen) {
    try {
      return run.swap(journal, lock)
          .run(run.live(), chosen.name(), "undo-restore " + chosen.name());
    } catch (Failure failure) {
      if (failure.exitCode() == ExitCode.INCOMPLETE) {
        journal.leaveOpen();
      }
      throw failure;
    }
  }

  private Plan plan(Replaced chosen, List<String> warnings) {
    List<String> losses = new ArrayList<>(warnings);
    losses.add(
        "what was written to %s since %s stays only in the database that is kept from now on"
            .formatted(run.live(), Units.moment(chosen.at())));
    return new Plan(
        "put %s back as %s".formatted(chosen.name(), run.target()),
        List.of(
            "stop new connections to %s and end its sessions".formatted(run.live()),
            "rename %s to %s, and %s to %s, in one transaction"
                .formatted(run.live(), run.live() + "_replaced_…", chosen.name(), run.live()),
            "keep the database that is live now (replaced since %s, %s)"
                .formatted(
                    Units.moment(chosen.at()),
                    chosen.sizeBytes() == 0 ? "?" : Units.bytes(chosen.sizeBytes()))),
        losses,
        run.live());
  }
}
