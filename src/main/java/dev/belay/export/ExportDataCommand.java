package dev.belay.export;

import dev.belay.cli.JobsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.dataset.ExportCompression;
import dev.belay.dataset.ExportForm;
import dev.belay.report.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay export-data [app]}: the data of tables as a file of JSON. */
@Command(
    name = "export-data",
    description = "Export the data of an app, or of all, as JSON with a checksum.",
    footer = {
      "",
      "All tables are of one moment, and every value comes back bit for bit with",
      "import-data. Nothing is ever overwritten, and nothing unfinished looks like",
      "an export. sha256sum -c accepts the file with the ending .checksum beside it.",
      "",
      "Examples:",
      "  belay export-data",
      "  belay export-data medications --compress zstd",
      "  belay export-data --table 'billing.*' --format ndjson",
      "  belay export-data --table public.orders \\",
      "    --where \"public.orders: created_at >= '2024-01-01'\""
    })
public final class ExportDataCommand extends ReportCommand {
  private final ExportData exportData;

  @Parameters(arity = "0..1", paramLabel = "<app>", description = "Only this app (default: all).")
  private @Nullable String app;

  @Option(
      names = {"-t", "--table"},
      paramLabel = "<pattern>",
      description = "Only these tables, schema.table with * and ?; repeatable.")
  private List<String> tables = new ArrayList<>();

  @Option(
      names = "--where",
      paramLabel = "<table: condition>",
      description = "Only the rows of that table for which the SQL condition holds; repeatable.")
  private List<String> where = new ArrayList<>();

  @Option(
      names = "--format",
      paramLabel = "<format>",
      description = "json (default), or ndjson: one JSON document per line.")
  private String format = "json";

  @Option(
      names = "--compress",
      paramLabel = "<method>",
      description = "none (default), gzip, gzip:1 to gzip:9, zstd, or zstd:1 to zstd:19.")
  private String compress = "none";

  @Mixin private JobsOption jobs = new JobsOption();

  @Option(
      names = "--out",
      paramLabel = "<file>",
      description = "Write this file, which must not be there yet (default: a new one).")
  private @Nullable Path out;

  @Option(names = "--dry-run", description = "Only look for what would stop the export.")
  private boolean dryRun;

  public ExportDataCommand(Surroundings surroundings, Terminal terminal, ExportData exportData) {
    super(surroundings, terminal);
    this.exportData = exportData;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    return exportData.run(
        settings,
        new ExportRequest(
            Optional.ofNullable(app),
            tables,
            where,
            ExportForm.parse(format),
            ExportCompression.parse(compress),
            jobs.jobs(settings),
            Optional.ofNullable(out).map(surroundings().directory()::resolve),
            dryRun),
        progress);
  }
}
