package dev.belay.drill;

import dev.belay.archive.BackupStore;
import dev.belay.archive.DrillHistory;
import dev.belay.archive.DrillRecord;
import dev.belay.cli.JobsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.monitor.Metrics;
import dev.belay.postgres.Databases;
import dev.belay.report.Report;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code belay drill}: exit 0 when everything that it tried is proven, 10 when it is not. */
@Command(
    name = "drill",
    description =
        "Prove the whole chain now: the newest backup is checked and restored in a scratch database,"
            + " the migrations since are applied and taken back, and everything is compared. The"
            + " live database is only read.",
    footer = {
      "",
      "Tried is the undo of the migrations that the backup lacks or, where it lacks",
      "none, of the last one; no older one. Where no backup can be restored, the",
      "migrations are tried on a copy of the live database, which in production needs",
      "--from-live: whoever connects meanwhile has to wait.",
      "",
      "Exit status 0: all that was tried is proven, and what that is; 10: something is",
      "not, and what; 12: nothing wrong was found, but something could not be checked.",
      "Kept in migration_monitoring: drill_*.json and *.md, and drills.jsonl with what",
      "each one measured. What breaks in one part keeps no other from being tried.",
      "",
      "Examples:",
      "  belay drill",
      "  belay drill --metrics-file /var/lib/node_exporter/belay_drill.prom",
      "  belay drill --backup orders_20240101_120000 --output json",
      "  belay drill --history"
    })
public final class DrillCommand extends ReportCommand {
  @Option(
      names = "--backup",
      paramLabel = "<backup>",
      description = "An id, a path, or latest (default).")
  private String backup = BackupStore.LATEST;

  @Option(
      names = "--from-live",
      description = "Where no backup can be restored, copy the live database in production too.")
  private boolean fromLive;

  @Option(
      names = "--history",
      description = "Show the drills so far and whether recovery takes longer; reach no server.")
  private boolean history;

  @Option(
      names = "--no-amcheck",
      description = "Do not check heaps and indexes of the restored database; faster.")
  private boolean noAmcheck;

  @Option(
      names = "--metrics-file",
      paramLabel = "<file>",
      description = "Write when and with what result, for Prometheus' textfile collector.")
  private @Nullable Path metricsFile;

  @Mixin private JobsOption jobs = new JobsOption();

  private final Databases databases;

  public DrillCommand(Surroundings surroundings, Terminal terminal, Databases databases) {
    super(surroundings, terminal);
    this.databases = databases;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    if (history) {
      String database = settings.target().toString();
      List<DrillRecord> drills =
          new DrillHistory(settings.folders().migrationMonitoring()).of(database);
      return new HistoryReport(database, drills, Trend.of(drills));
    }
    Optional<Path> metrics =
        Optional.ofNullable(metricsFile).map(surroundings().directory()::resolve);
    DrillRequest request =
        new DrillRequest(backup, fromLive, jobs.jobs(settings), !noAmcheck, metrics);
    try {
      DrillReport report =
          new Drill(settings, databases, request, surroundings().environment(), progress).run();
      metrics.ifPresent(file -> write(file, settings, Optional.of(report), progress));
      return report;
    } catch (Failure failure) {
      metrics.ifPresent(file -> write(file, settings, Optional.empty(), progress));
      throw failure;
    }
  }

  /** What the collector is told of never changes what the drill found out. */
  private static void write(
      Path file, Settings settings, Optional<DrillReport> report, Progress progress) {
    Map<String, String> of = Map.of("database", settings.target().database());
    Metrics metrics =
        new Metrics()
            .gauge(
                "belay_drill_last_timestamp_seconds",
                "When the last drill ended.",
                of,
                (double) Instant.now().getEpochSecond())
            .gauge(
                "belay_drill_proven",
                "1 when everything that the last drill tried was proven, else 0.",
                of,
                report.filter(each -> each.measured().proven()).isPresent() ? 1 : 0);
    report.ifPresent(
        each ->
            metrics.gauge(
                "belay_drill_findings",
                "Parts of the last drill in which something was found.",
                of,
                each.measured().findings()));
    // A figure of 0 would say that a recovery takes no time.
    report
        .map(DrillReport::measured)
        .filter(measured -> measured.bytes() > 0)
        .ifPresent(
            measured ->
                metrics
                    .gauge(
                        "belay_drill_recovery_seconds",
                        "Restore and comparison, as measured by the last drill.",
                        of,
                        measured.recoveryMillis() / 1000.0)
                    .gauge(
                        "belay_drill_database_bytes",
                        "Size of the restored database.",
                        of,
                        (double) measured.bytes()));
    try {
      metrics.write(file);
    } catch (Failure cannot) {
      progress.warn(cannot.message() + "; " + progress.toPaste(cannot.hint()));
    }
  }
}
