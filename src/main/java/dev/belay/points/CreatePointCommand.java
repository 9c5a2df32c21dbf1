package dev.belay.points;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code belay rollback-point create}: keeps the rows of tables as they are now. */
@Command(
    name = "create",
    description = "Keep the rows of tables as they are now.",
    footer = {
      "",
      "All tables are of one moment. Data, checksum and record go to the folder of",
      "the exports; a point whose record is there is whole. Nothing is changed in the",
      "database, and nobody has to wait.",
      "",
      "Examples:",
      "  belay rollback-point create --table public.customers \\",
      "    --description 'before the import'",
      "  belay rollback-point create --table 'billing.*' --name billing_import"
    })
public final class CreatePointCommand extends ReportCommand {
  private final String version;

  @Option(
      names = {"-t", "--table"},
      required = true,
      paramLabel = "<pattern>",
      description = "These tables, schema.table with * and ?; repeatable.")
  private List<String> tables = new ArrayList<>();

  @Option(
      names = "--name",
      paramLabel = "<name>",
      description = "A word for the id rp_<name>_<time> (default: the first table's).")
  private @Nullable String name;

  @Option(
      names = "--description",
      paramLabel = "<text>",
      description = "What the point is for; shown in lists.")
  private @Nullable String description;

  @Option(names = "--dry-run", description = "Only say which tables it would have.")
  private boolean dryRun;

  public CreatePointCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal);
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    GuardedRun run = GuardedRun.of(settings, progress, "rollback-point create", Duration.ZERO);
    PointRequest request =
        new PointRequest(
            Optional.ofNullable(name),
            Optional.ofNullable(description),
            PointRequest.MANUAL,
            live -> PointTables.of(tables, live, settings.apps()));
    CreatePoint create = new CreatePoint(run, version);
    return dryRun
        ? CreateReport.wouldBe(settings.target(), create.look(request))
        : CreateReport.of(create.run(request), settings.folders().dataExports());
  }
}
