package dev.belay.export;

import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.dataset.StoredExports;
import dev.belay.diff.Policy;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay import-data}: brings the rows of an export into the target. */
@Command(
    name = "import-data",
    description = "Merge the rows of an export into the database, after a plan.",
    footer = {
      "",
      "Policies:",
      "  add-missing  rows that the database lacks are added (default)",
      "  overwrite    and rows that differ become as in the export",
      "  exact        and rows that the export lacks are removed",
      "",
      "Everything is one transaction, in the order of the foreign keys. The plan is",
      "counted in the same moment in which it is carried out, and sequences are",
      "moved beyond the values that came in.",
      "",
      "Examples:",
      "  belay import-data latest --dry-run",
      "  belay import-data data_export_20240101_120000.json --table public.orders",
      "  belay import-data latest --policy overwrite --yes"
    })
public final class ImportDataCommand extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(
      arity = "1",
      paramLabel = "<export>",
      description = "A file, a name in the folder of the exports, or latest.")
  private String export = "";

  @Option(
      names = "--policy",
      paramLabel = "<policy>",
      description = "add-missing (default), overwrite or exact.")
  private String policy = "add-missing";

  @Option(
      names = {"-t", "--table"},
      paramLabel = "<pattern>",
      description = "Only these tables, schema.table with * and ?; repeatable.")
  private List<String> tables = new ArrayList<>();

  @Option(
      names = "--app",
      paramLabel = "<app>",
      description = "Only what the export lists under this app.")
  private @Nullable String app;

  @Option(
      names = "--columns-common",
      description = "Go on with the tables and columns that both have, where the shapes differ.")
  private boolean columnsCommon;

  @Option(
      names = "--triggers",
      paramLabel = "<on|off>",
      description = "Whether the triggers of the tables fire (default: on).")
  private String triggers = "on";

  @Option(
      names = "--batch-size",
      paramLabel = "<rows>",
      description = "Write in transactions of so many rows, instead of in one.")
  private @Nullable Integer batchSize;

  @Option(names = "--no-checksum", description = "Take an export without looking at its checksum.")
  private boolean noChecksum;

  public ImportDataCommand(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    ImportRequest request =
        new ImportRequest(
            Policy.of(policy),
            Optional.ofNullable(app),
            tables,
            columnsCommon,
            triggers(),
            batchSize == null ? OptionalInt.empty() : OptionalInt.of(batchSize),
            !noChecksum,
            change.dryRun());
    GuardedRun run = GuardedRun.of(settings, progress, "import-data", wait.longest());
    return new ImportData(run)
        .run(
            StoredExports.find(
                surroundings().directory(), settings.folders().dataExports(), export),
            request,
            change.consent(terminal(), settings.isProduction()));
  }

  private boolean triggers() {
    return switch (triggers) {
      case "on" -> true;
      case "off" -> false;
      default -> throw Failure.usage("--triggers is '" + triggers + "'", "use on or off");
    };
  }
}
