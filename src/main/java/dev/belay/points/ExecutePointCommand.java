package dev.belay.points;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay rollback-point execute}: brings tables back to a point. */
@Command(
    name = "execute",
    description = "Bring tables back to a rollback point, after a plan.",
    footer = {
      "",
      "Types:",
      "  full         the tables become exactly as at the point (default)",
      "  partial      rows added since are removed; rows changed or removed stay so",
      "  backup       as full, from the data alone, where the record is lost",
      "  transaction  only inside an open MigrationTransaction of the Java API",
      "",
      "Only what differs is written, in one transaction, and fingerprints prove before",
      "its commit that the tables are as at the point. What is taken away is kept as",
      "another point before: the report says how this is taken back.",
      "",
      "Examples:",
      "  belay rollback-point execute latest --dry-run",
      "  belay rollback-point execute rp_customers_20260101_120000 --type partial",
      "  belay rollback-point execute data_exports/rp_a_20260101_120000.json \\",
      "    --type backup --yes"
    })
public final class ExecutePointCommand extends ReportCommand {
  private final String version;

  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(
      arity = "1",
      paramLabel = "<point>",
      description = "Its id, latest, or the path of its data.")
  private String point = "";

  @Option(
      names = "--type",
      paramLabel = "<type>",
      description = "full (default), partial, backup or transaction.")
  private String type = "full";

  @Option(
      names = {"-t", "--table"},
      paramLabel = "<pattern>",
      description = "Only these tables of the point, schema.table with * and ?; repeatable.")
  private List<String> tables = new ArrayList<>();

  @Option(
      names = "--columns-common",
      description = "Go on with the tables and columns that both have, where the shapes differ.")
  private boolean columnsCommon;

  @Option(
      names = "--triggers",
      paramLabel = "<on|off>",
      description = "Whether the triggers of the tables fire (default: on).")
  private String triggers = "on";

  public ExecutePointCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal);
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    ExecuteRequest request =
        new ExecuteRequest(ExecutionType.of(type), tables, columnsCommon, fires(), change.dryRun());
    GuardedRun run = GuardedRun.of(settings, progress, "rollback-point execute", wait.longest());
    StoredPoint found =
        new PointFolder(settings.folders().dataExports()).find(surroundings().directory(), point);
    return new ExecutePoint(run, version)
        .run(found, request, change.consent(terminal(), settings.isProduction()));
  }

  private boolean fires() {
    return switch (triggers) {
      case "on" -> true;
      case "off" -> false;
      default -> throw Failure.usage("--triggers is '" + triggers + "'", "use on or off");
    };
  }
}
