package dev.belay.incident;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay report}: one page about one operation. Reads only, and reaches no server. */
@Command(
    name = "report",
    description = "Write one page about one operation: what it did, when, and how it ended.",
    footer = {
      "",
      "The page holds everything it needs: it loads nothing and runs no script. It",
      "has the timeline, charts of the monitor with the steps marked, the plan, what",
      "was decided, what people were told, the answer and the lines of the log. A",
      "killed operation has one too; what could not be found is said on the page.",
      "",
      "A file may be a journal, samples of the monitor, what any command wrote with",
      "--output json, or a report in JSON.",
      "",
      "Examples:",
      "  belay report",
      "  belay report 5f0c1d2e3a4b --out night.html",
      "  belay report migration_monitoring/migrate_20261101_023000_5f0c1d2e3a4b.jsonl",
      "  belay audit --output json   # the names of the runs"
    })
public final class OperationReportCommand extends ReportCommand {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<run|file>",
      description =
          "A run by its name or the beginning of it, 'latest' (default), or a file that belay wrote.")
  private String which = "latest";

  @Option(
      names = "--out",
      paramLabel = "<file>",
      description =
          "Where the page goes (default: belay_report_<run>.html in the working directory). Nothing is overwritten.")
  private @Nullable String out;

  public OperationReportCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    return new Reporting(settings, surroundings()).report(which, Optional.ofNullable(out));
  }
}
