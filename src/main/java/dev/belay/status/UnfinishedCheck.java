package dev.belay.status;

import dev.belay.archive.BackupStore;
import dev.belay.config.Settings;
import dev.belay.core.Units;
import dev.belay.journal.UnfinishedRun;
import java.util.ArrayList;
import java.util.List;

/** Whether a Belay that was killed left something half done, as its journal says. */
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
    runs.forEach(run -> known.addAll(words(run)));
    known.addAll(folders);
    if (runs.isEmpty()) {
      known.addAll(notices);
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
