package dev.belay.reconcile;

import dev.belay.cli.JobsOption;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TablePattern;
import dev.belay.core.Units;
import dev.belay.diff.Policy;
import dev.belay.diff.Tolerance;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What reconcile-data is told on the command line. */
public final class ReconcileOptions {
  @Option(
      names = "--from",
      paramLabel = "<source>",
      description = "backup (default), replaced, or the name of a replaced database.")
  private String from = ReconcileRequest.FROM_BACKUP;

  @Option(
      names = "--export-path",
      paramLabel = "<file>",
      description =
          "Bring back rows from this file of export-data, too, that were written after the backup.")
  private @Nullable Path export;

  @Option(
      names = "--policy",
      paramLabel = "<policy>",
      description = "add-missing (default), overwrite, exact or three-way.")
  private @Nullable String policy;

  @Option(
      names = "--removals",
      description = "With three-way: remove rows, too, that only the source removed.")
  private boolean removals;

  @Option(
      names = "--table",
      paramLabel = "<pattern>",
      description =
          "Only these tables, schema.table with * and ?; repeatable (default: all of both).")
  private List<String> tables = new ArrayList<>();

  @Option(
      names = "--triggers",
      paramLabel = "<on|off>",
      description =
          "Whether the triggers of the tables fire for the rows that are written (default: on).")
  private String triggers = "on";

  @Option(
      names = "--batch-size",
      paramLabel = "<rows>",
      description = "Write in transactions of so many rows (default: one transaction for all).")
  private @Nullable Integer batchSize;

  @Option(
      names = "--float-tolerance",
      paramLabel = "<ratio>",
      description =
          "Floating point values that differ by no more are equal, such as 1e-9 (default: exact).")
  private @Nullable Double floatTolerance;

  @Option(
      names = "--timestamp-tolerance",
      paramLabel = "<duration>",
      description = "Timestamps that differ by no more are equal, such as 1ms (default: exact).")
  private @Nullable String timestampTolerance;

  @Option(
      names = "--samples",
      paramLabel = "<number>",
      description = "Rows shown of each kind and table in the report (default: 20).")
  private int samples = 20;

  @Mixin private JobsOption jobs = new JobsOption();

  /**
   * The request.
   *
   * @throws Failure USAGE when options do not go together or mean nothing
   */
  ReconcileRequest request(String backup, Settings settings, boolean dryRun) {
    return new ReconcileRequest(
        backup,
        from,
        Optional.ofNullable(export),
        Optional.ofNullable(policy).map(Policy::of),
        removals,
        tables.stream().map(TablePattern::of).toList(),
        fires(),
        batchSize == null ? OptionalInt.empty() : OptionalInt.of(batchSize),
        samples,
        jobs.jobs(settings),
        tolerance(),
        dryRun);
  }

  private boolean fires() {
    return switch (triggers) {
      case "on" -> true;
      case "off" -> false;
      default ->
          throw Failure.usage("--triggers is '" + triggers + "'", "use --triggers on or off");
    };
  }

  private Optional<Tolerance> tolerance() {
    if (floatTolerance == null && timestampTolerance == null) {
      return Optional.empty();
    }
    double relative = floatTolerance == null ? 0 : floatTolerance;
    if (!(relative >= 0 && relative < 1)) {
      throw Failure.usage(
          "--float-tolerance " + relative + " is not from 0 to 1", "give a ratio such as 1e-9");
    }
    Duration moment =
        timestampTolerance == null ? Duration.ZERO : Units.parseDuration(timestampTolerance);
    return Optional.of(new Tolerance(relative, moment));
  }
}
