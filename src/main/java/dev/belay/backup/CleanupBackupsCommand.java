package dev.belay.backup;

import dev.belay.archive.Retention;
import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code belay cleanup-backups}: deletes what nothing speaks for; only shows it without --yes. */
@Command(
    name = "cleanup-backups",
    description = "Delete old backups that nothing needs. Without --yes it only says which.",
    footer = {
      "",
      "Never deleted: the newest that is proven furthest, pinned ones, those being",
      "made or in use, and those from before a recent migration without undo script.",
      "",
      "Examples:",
      "  belay cleanup-backups",
      "  belay cleanup-backups --keep-days 14 --keep-min 5 --yes"
    })
public final class CleanupBackupsCommand extends ReportCommand {
  @Mixin private ChangeOptions change;

  @Option(
      names = "--keep-days",
      paramLabel = "<days>",
      description = "Younger backups stay (default: as configured, else 30).")
  private @Nullable Integer keepDays;

  @Option(
      names = "--keep-min",
      paramLabel = "<number>",
      description =
          "So many of the newest stay whatever their age (default: as configured, else 3).")
  private @Nullable Integer keepMin;

  @Option(names = "--broken", description = "Delete broken backups of that age too.")
  private boolean broken;

  public CleanupBackupsCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    int days = keepDays == null ? settings.keepDays() : keepDays;
    int least = keepMin == null ? settings.keepMin() : keepMin;
    if (days < 0 || least < 1) {
      throw Failure.usage(
          "--keep-days is %d and --keep-min is %d".formatted(days, least),
          "keep at least 1 backup, and 0 days or more");
    }
    GuardedRun run = GuardedRun.of(settings, progress, "cleanup-backups", Duration.ZERO);
    return new CleanupBackups(run).run(new Retention(days, least, broken), change.goesAhead());
  }
}
