package dev.belay.points;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code belay rollback-point show}: everything about a point. Reads only. */
@Command(
    name = "show",
    description = "Tell everything about a rollback point, and prove that its data is whole.",
    footer = {
      "",
      "All of its data is read. Where the database can be reached, it is also said",
      "how many rows were added, changed and removed since. Exit 10: it is damaged.",
      "",
      "Examples:",
      "  belay rollback-point show latest",
      "  belay rollback-point show rp_customers_20260101_120000 --output json"
    })
public final class ShowPointCommand extends ReportCommand {
  @Parameters(
      arity = "1",
      paramLabel = "<point>",
      description = "Its id, latest, or the path of its data.")
  private String point = "";

  public ShowPointCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun run = GuardedRun.of(settings, progress, "rollback-point show", Duration.ZERO);
    return new ShowPoint(run)
        .run(
            new PointFolder(settings.folders().dataExports())
                .find(surroundings().directory(), point));
  }
}
