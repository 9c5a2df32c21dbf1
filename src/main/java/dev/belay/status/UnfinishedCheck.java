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

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    Settings settings = context.settings();
    List<String> notices = new ArrayList<>();
    List<String> runs =
        UnfinishedRun.in(settings.folders().journal(), notices::add).stream()
            .map(UnfinishedCheck::words)
            .toList();
    List<String> folders =
        new BackupStore(settings.folders().backups())
            .unfinished().stream()
                .filter(left -> !left.isInProgress())
                .map(left -> "an unfinished backup: " + left.folder())
                .toList();
    String fix = "belay create-backup puts right what dead runs left, before it does its own work";
    if (!runs.isEmpty()) {
      List<String> all = new ArrayList<>(runs);
      all.addAll(folders);
      return List.of(
          CheckResult.failed(
              NAME, Units.count(runs.size(), "run was killed", "runs were killed"), all, fix));
    }
    List<String> known = new ArrayList<>(folders);
    known.addAll(notices);
    return List.of(
        known.isEmpty()
            ? CheckResult.passed(NAME, "none")
            : CheckResult.warning(NAME, "no journal is open", known, fix));
  }

  private static String words(UnfinishedRun run) {
    return "%s of %s, begun %s, killed at the step '%s' (run %s)"
        .formatted(
            run.header().command(),
            run.header().target(),
            run.header().at(),
            run.lastStep(),
            run.run());
  }
}
