package dev.belay.restore;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.postgres.Database;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import dev.belay.swap.Replaced;
import java.time.Duration;
import picocli.CommandLine.Command;

/** {@code belay list-replaced}: the former live databases that are kept. Reads only. */
@Command(
    name = "list-replaced",
    description = "List the databases that restores have replaced and that are kept.",
    footer = {"", "Examples:", "  belay list-replaced", "  belay list-replaced --output json"})
public final class ListReplacedCommand extends ReportCommand {
  public ListReplacedCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun run = GuardedRun.of(settings, progress, "list-replaced", Duration.ZERO);
    try (Database session = run.openMaintenance()) {
      return new ReplacedReport(run.maintenance().host(), Replaced.list(session));
    }
  }
}
