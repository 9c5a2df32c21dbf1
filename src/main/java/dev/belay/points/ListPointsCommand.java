package dev.belay.points;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import picocli.CommandLine.Command;

/** {@code belay rollback-point list}: the points in the folder. Needs no server. */
@Command(
    name = "list",
    description = "List the rollback points, newest first.",
    footer = {
      "",
      "Status:",
      "  ready       it can be executed",
      "  executed    it was, and can be again",
      "  incomplete  its record is lost: execute it with --type backup",
      "  damaged     something of it is not as it was made; show says what",
      "",
      "Examples:",
      "  belay rollback-point list",
      "  belay rollback-point list --output json"
    })
public final class ListPointsCommand extends ReportCommand {
  public ListPointsCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    PointFolder folder = new PointFolder(settings.folders().dataExports());
    return ListReport.of(folder.folder().toString(), folder.list());
  }
}
