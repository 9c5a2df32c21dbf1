package dev.belay.status;

import dev.belay.archive.BackupStore;
import dev.belay.batch.BatchRun;
import dev.belay.batch.BatchRuns;
import dev.belay.batch.BatchState;
import dev.belay.config.Settings;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.journal.UnfinishedRun;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a Belay that was killed left something half done, as its journal or the ledger says. */
final class UnfinishedCheck implements StateCheck {
  private static final String NAME = "unfinished-runs";
  private static final String FIX = "belay emergency-recovery --no-backup --no-export";

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    Settings settings = context.settings();
    List<String> notices = new ArrayList<>();
    List<UnfinishedRun> runs = UnfinishedRun.in(settings.folders().journal(), notices::add);
    List<String> folders =
        new BackupStore(settings.folders().backups())
            .unfinished().stream()
                .filter(left -> !left.isInProgress())
                .map(left -> "an unfinished backup: " + left.folder())
                .toList();
    List<String> known = new ArrayList<>();
    Optional<BatchRun> batches = context.session().flatMap(session -> deserted(session, settings));
    if (batches.isPresent()) {
      known.add(words(batches.get()));
    }
    runs.forEach(run -> known.addAll(words(run)));
    known.addAll(folders);
    if (runs.isEmpty()) {
      known.addAll(notices);
    }
    if (batches.isPresent() && runs.isEmpty()) {
      return List.of(
          CheckResult.failed(
              NAME, "a rollback in batches was killed", known, batches.get().again()));
    }
    if (known.isEmpty()) {
      return List.of(CheckResult.passed(NAME, "none"));
    }
    known.add("each changing command puts right what dead runs left, before it does its own work");
    return List.of(
        runs.isEmpty()
            ? CheckResult.warning(NAME, "no journal is open", known, FIX)
            : CheckResult.failed(
                NAME, Units.count(runs.size(), "run was killed", "runs were killed"), known, FIX));
  }

  /** A rollback in batches that nobody is at, though nobody paused or ended it either. */
  private static Optional<BatchRun> deserted(Database session, Settings settings) {
    // On a standby the sessions of the primary are not to be seen, though its rows are.
    if (ServerInfo.of(session).inRecovery() || !Ledger.readable(session, "batch_run")) {
      return Optional.empty();
    }
    return settings.apps().stream()
        .map(app -> new TableName(app.historySchema(), app.historyTable()))
        .flatMap(history -> BatchRuns.open(session, history).stream())
        .filter(run -> !run.alive() && run.state() == BatchState.RUNNING)
        .findFirst();
  }

  private static String words(BatchRun run) {
    return "run %d, which takes back %s of app %s in batches, was killed in phase %s; go on with: %s; or see how far it is: belay batch status"
        .formatted(run.id(), run.migration(), run.app(), run.phase(), run.again());
  }

  private static List<String> words(UnfinishedRun run) {
    List<String> words = new ArrayList<>();
    words.add(
        "%s of %s, begun %s, killed at the step '%s' (run %s)"
            .formatted(
                run.header().command(),
                run.header().target(),
                run.header().at(),
                run.lastStep(),
                run.run()));
    run.hint().ifPresent(words::add);
    return words;
  }
}
