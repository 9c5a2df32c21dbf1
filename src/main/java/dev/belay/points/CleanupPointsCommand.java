package dev.belay.points;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code belay rollback-point cleanup}: deletes old points. Only looks, unless told to delete. */
@Command(
    name = "cleanup",
    description = "Delete old rollback points; without --yes only say which.",
    footer = {
      "",
      "Of each database the newest that can be executed stay, whatever their age.",
      "",
      "Examples:",
      "  belay rollback-point cleanup",
      "  belay rollback-point cleanup --keep-days 7 --keep-min 5 --yes"
    })
public final class CleanupPointsCommand extends ReportCommand {
  @Mixin private ChangeOptions change;

  @Option(
      names = "--keep-days",
      paramLabel = "<days>",
      description = "Younger points stay (default: as configured, else 30).")
  private @Nullable Integer keepDays;

  @Option(
      names = "--keep-min",
      paramLabel = "<number>",
      description =
          "So many of the newest stay whatever their age (default: as configured, else 3).")
  private @Nullable Integer keepMin;

  public CleanupPointsCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    int days = keepDays == null ? settings.keepDays() : keepDays;
    int least = keepMin == null ? settings.keepMin() : keepMin;
    if (days < 0 || least < 1) {
      throw Failure.usage(
          "--keep-days is %d and --keep-min is %d".formatted(days, least),
          "keep at least 1 point, and 0 days or more");
    }
    return new CleanupPoints(new PointFolder(settings.folders().dataExports()), progress)
        .run(days, least, change.goesAhead(), Instant.now());
  }
}
