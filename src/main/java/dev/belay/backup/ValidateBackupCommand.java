package dev.belay.backup;

import dev.belay.archive.BackupStore;
import dev.belay.archive.Level;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.JobsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.Recorded;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.pgtools.PostgresTools;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay validate-backup}: exit 0 when each reaches the level, 10 when one is bad. */
@Command(
    name = "validate-backup",
    description =
        "Prove that a backup can be relied on, and say exactly what is bad when it cannot.",
    footer = {
      "",
      "Levels, each including those before it:",
      "  checksummed  every file is there with the size and SHA-256 of the manifest,",
      "               and no other",
      "  readable     pg_restore reads every byte of it (default)",
      "  restored     a restore into a scratch database gives what the manifest says;",
      "               its time is measured for emergency-rollback --time-limit",
      "  sound        amcheck finds nothing wrong in the restored database",
      "",
      "Examples:",
      "  belay validate-backup latest",
      "  belay validate-backup all --level checksummed",
      "  belay validate-backup orders_20240101_120000 --level restored --pin"
    })
public final class ValidateBackupCommand extends ReportCommand implements Recorded {
  private static final String ALL = "all";

  @Parameters(
      arity = "0..1",
      paramLabel = "<backup>",
      description = "An id, a path, latest (default) or all.")
  private String backup = BackupStore.LATEST;

  @Option(
      names = "--level",
      paramLabel = "<level>",
      description = "checksummed, readable (default), restored or sound.")
  private String level = "readable";

  @Mixin private JobsOption jobs = new JobsOption();

  @Option(
      names = "--pin",
      negatable = true,
      description = "Keep cleanup-backups away from it from now on; --no-pin lets it go.")
  private @Nullable Boolean pin;

  public ValidateBackupCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    Level wanted = Level.parse(level);
    int sessions = jobs.jobs(settings);
    BackupStore store = new BackupStore(settings.folders().backups());
    List<StoredBackup> backups = backup.equals(ALL) ? store.list() : List.of(store.find(backup));
    if (backups.isEmpty()) {
      throw Failure.unavailable(
          "there is no backup in " + store.root(), "make one: belay create-backup");
    }
    GuardedRun run = GuardedRun.of(settings, progress, "validate-backup", Duration.ZERO);
    if (wanted.reaches(Level.RESTORED)) {
      run.recover();
    }
    PostgresTools tools =
        new PostgresTools(settings.postgresPrograms(), surroundings().environment());
    Proving proving = new Proving(run, tools, sessions);
    List<Validated> validated =
        backups.stream().map(each -> Validated.by(proving, each, wanted)).toList();
    pin(backups, progress);
    return ValidationReport.of(wanted, validated);
  }

  private void pin(List<StoredBackup> backups, Progress progress) {
    if (pin != null) {
      for (StoredBackup each : backups) {
        each.pinned(pin);
        progress.step(each.id() + (pin ? " is pinned" : " is not pinned any more"));
      }
    }
  }
}
