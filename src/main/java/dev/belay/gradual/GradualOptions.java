package dev.belay.gradual;

import dev.belay.batch.BatchPace;
import dev.belay.batch.ThrottleLimits;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.undo.UndoRequest;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of gradual-rollback. */
final class GradualOptions {
  @Option(
      names = "--batch-size",
      paramLabel = "<rows>",
      description = "Rows of a batch, or auto: found by time, on any table (default: 100).")
  private String batchSize = "100";

  @Option(
      names = "--delay-seconds",
      paramLabel = "<seconds>",
      description = "Pause after each batch, such as 0.5 (default: 5; with auto it is found too).")
  private double delaySeconds = 5;

  @Option(
      names = "--max-lag",
      paramLabel = "<duration>",
      description = "Wait while a replica is further behind, such as 2s (default: not looked at).")
  private @Nullable String maxLag;

  @Option(
      names = "--max-active",
      paramLabel = "<sessions>",
      description = "Wait while more other sessions are active (default: not looked at).")
  private @Nullable Integer maxActive;

  @Option(
      names = "--max-archive-backlog",
      paramLabel = "<files>",
      description = "Wait while more WAL files wait to be archived (default: 42).")
  private int maxArchiveBacklog = ThrottleLimits.ARCHIVE;

  @Option(
      names = "--throttle-query",
      paramLabel = "<sql>",
      description = "Wait while this query answers true; it is asked every second.")
  private @Nullable String throttleQuery;

  @Option(
      names = "--pause-file",
      paramLabel = "<file>",
      description = "Wait while this file exists.")
  private @Nullable Path pauseFile;

  @Option(
      names = "--wait-before-switch",
      description =
          "Wait before the schema is switched, until belay batch resume: time to deploy the old"
              + " application.")
  private boolean waitBeforeSwitch;

  @Option(names = "--to", description = "The migration stays, and all after it go.")
  private boolean to;

  @Option(
      names = "--only",
      description = "Only this migration goes, though others were applied after it.")
  private boolean only;

  @Option(
      names = "--prefer-disk",
      description = "Take undo scripts from disk where the ledger has another one.")
  private boolean preferDisk;

  @Option(
      names = "--hold",
      description = "Record it so that no application applies the migrations again.")
  private boolean hold;

  @Option(
      names = "--accept-loss",
      paramLabel = "<rows>",
      description = "So many rows and values may be lost (default: none).")
  private long acceptLoss;

  @Option(names = "--no-backup", description = "Make no backup first.")
  private boolean noBackup;

  @Option(names = "--no-export", description = "Do not export what is lost.")
  private boolean noExport;

  @Option(
      names = "--unproven",
      description = "Go on though the undo did not prove itself in a scratch database.")
  private boolean unproven;

  @Option(
      names = "--jar",
      paramLabel = "<file>",
      description = "A jar with migrations in Java; repeatable.")
  private List<Path> jars = new ArrayList<>();

  @Option(
      names = "--jobs",
      paramLabel = "<n>",
      description = "Parallel sessions of the backup (default: as configured).")
  private @Nullable Integer jobs;

  /**
   * What was asked for.
   *
   * @throws Failure USAGE when options contradict one another
   */
  GradualRequest request(String app, String migration, Settings settings) {
    if (to && only) {
      throw Failure.usage("--to and --only contradict each other", "give one of them");
    }
    if (!(delaySeconds >= 0 && delaySeconds <= 86_400)) {
      throw Failure.usage(
          "--delay-seconds is %s".formatted(delaySeconds), "give a number from 0 to 86400");
    }
    if ((maxActive != null && maxActive < 0) || maxArchiveBacklog < 0) {
      throw Failure.usage(
          "--max-active and --max-archive-backlog cannot be below 0", "give a number from 0 on");
    }
    return new GradualRequest(
        new UndoRequest(
            app,
            migration,
            to
                ? UndoRequest.Reach.DOWN_TO
                : only ? UndoRequest.Reach.ONLY : UndoRequest.Reach.DOWN_FROM,
            preferDisk ? UndoRequest.Preferred.DISK : UndoRequest.Preferred.LEDGER,
            false,
            jars),
        BatchPace.of(batchSize, Duration.ofMillis(Math.round(delaySeconds * 1000))),
        new ThrottleLimits(
            Optional.ofNullable(maxLag).map(Units::parseDuration),
            Optional.ofNullable(maxActive),
            maxArchiveBacklog,
            Optional.ofNullable(throttleQuery),
            Optional.ofNullable(pauseFile)),
        hold,
        acceptLoss,
        !noBackup,
        !noExport,
        unproven,
        waitBeforeSwitch,
        jobs == null ? settings.jobs() : jobs);
  }

  /** Those that must be given again to go on with the same. */
  List<String> again() {
    List<String> words = new ArrayList<>();
    if (to) {
      words.add("--to");
    }
    if (only) {
      words.add("--only");
    }
    if (hold) {
      words.add("--hold");
    }
    if (acceptLoss > 0) {
      words.addAll(List.of("--accept-loss", String.valueOf(acceptLoss)));
    }
    if (preferDisk) {
      words.add("--prefer-disk");
    }
    if (unproven) {
      words.add("--unproven");
    }
    if (!batchSize.equals("100")) {
      words.addAll(List.of("--batch-size", batchSize));
    }
    if (delaySeconds != 5) {
      words.addAll(
          List.of(
              "--delay-seconds",
              BigDecimal.valueOf(delaySeconds).stripTrailingZeros().toPlainString()));
    }
    return words;
  }
}
