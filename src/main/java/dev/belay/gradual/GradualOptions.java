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
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The options of gradual-rollback. */
final class GradualOptions {
  @Option(
      names = "--batch-size",
      paramLabel = "<rows>",
      description = "Rows of a batch, or auto: found by time, on any table (default: 100).")
  private @Nullable String batchSize;

  @Option(
      names = "--delay-seconds",
      paramLabel = "<seconds>",
      description = "Pause after each batch, such as 0.5 (default: 5; with auto it is found too).")
  private @Nullable Double delaySeconds;

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
  private @Nullable Integer maxArchiveBacklog;

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
  private @Nullable Long acceptLoss;

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
    double delay = delaySeconds == null ? 5 : delaySeconds;
    if (!(delay >= 0 && delay <= 86_400)) {
      throw Failure.usage(
          "--delay-seconds is %s".formatted(delay), "give a number from 0 to 86400");
    }
    int archive = maxArchiveBacklog == null ? ThrottleLimits.ARCHIVE : maxArchiveBacklog;
    if ((maxActive != null && maxActive < 0) || archive < 0) {
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
        BatchPace.of(
            batchSize == null ? "100" : batchSize, Duration.ofMillis(Math.round(delay * 1000))),
        new ThrottleLimits(
            Optional.ofNullable(maxLag).map(Units::parseDuration),
            Optional.ofNullable(maxActive),
            archive,
            Optional.ofNullable(throttleQuery),
            Optional.ofNullable(pauseFile)),
        hold,
        acceptLoss == null ? 0 : acceptLoss,
        !noBackup,
        !noExport,
        unproven,
        waitBeforeSwitch,
        jobs == null ? settings.jobs() : jobs);
  }

  /**
   * These, and where nothing was given what an earlier command was given.
   *
   * @param words as {@link #words}
   */
  GradualOptions over(List<String> words) {
    GradualOptions earlier = new GradualOptions();
    try {
      new CommandLine(earlier).parseArgs(words.toArray(String[]::new));
    } catch (CommandLine.ParameterException unknown) {
      throw Failure.refused(
          "the ledger keeps options that this program does not know: " + unknown.getMessage(),
          "use the belay that began the run");
    }
    GradualOptions both = new GradualOptions();
    both.batchSize = batchSize == null ? earlier.batchSize : batchSize;
    both.delaySeconds = delaySeconds == null ? earlier.delaySeconds : delaySeconds;
    both.maxLag = maxLag == null ? earlier.maxLag : maxLag;
    both.maxActive = maxActive == null ? earlier.maxActive : maxActive;
    both.maxArchiveBacklog =
        maxArchiveBacklog == null ? earlier.maxArchiveBacklog : maxArchiveBacklog;
    both.throttleQuery = throttleQuery == null ? earlier.throttleQuery : throttleQuery;
    both.pauseFile = pauseFile == null ? earlier.pauseFile : pauseFile;
    both.waitBeforeSwitch = waitBeforeSwitch || earlier.waitBeforeSwitch;
    boolean reach = to || only;
    both.to = reach ? to : earlier.to;
    both.only = reach ? only : earlier.only;
    both.preferDisk = preferDisk || earlier.preferDisk;
    both.hold = hold || earlier.hold;
    both.acceptLoss = acceptLoss == null ? earlier.acceptLoss : acceptLoss;
    both.noBackup = noBackup || earlier.noBackup;
    both.noExport = noExport || earlier.noExport;
    both.unproven = unproven || earlier.unproven;
    both.jars = jars.isEmpty() ? earlier.jars : jars;
    both.jobs = jobs == null ? earlier.jobs : jobs;
    return both;
  }

  /** All that were given, as they can be given again, from any folder. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    flag(words, "--to", to);
    flag(words, "--only", only);
    flag(words, "--hold", hold);
    value(words, "--accept-loss", acceptLoss);
    flag(words, "--prefer-disk", preferDisk);
    flag(words, "--unproven", unproven);
    value(words, "--batch-size", batchSize);
    value(
        words,
        "--delay-seconds",
        delaySeconds == null
            ? null
            : BigDecimal.valueOf(delaySeconds).stripTrailingZeros().toPlainString());
    value(words, "--max-lag", maxLag);
    value(words, "--max-active", maxActive);
    value(words, "--max-archive-backlog", maxArchiveBacklog);
    value(words, "--throttle-query", throttleQuery);
    value(words, "--pause-file", pauseFile == null ? null : pauseFile.toAbsolutePath());
    flag(words, "--wait-before-switch", waitBeforeSwitch);
    flag(words, "--no-backup", noBackup);
    flag(words, "--no-export", noExport);
    jars.forEach(jar -> value(words, "--jar", jar.toAbsolutePath()));
    value(words, "--jobs", jobs);
    return words;
  }

  /** The command that undoes the same all at once, as far as it has the same options. */
  List<String> atOnce(String app, String migration) {
    List<String> words = new ArrayList<>(List.of("belay", "rollback-migration", app));
    if (to) {
      words.add("--to");
    }
    words.add(migration);
    flag(words, "--only", only);
    flag(words, "--hold", hold);
    value(words, "--accept-loss", acceptLoss);
    flag(words, "--prefer-disk", preferDisk);
    flag(words, "--unproven", unproven);
    flag(words, "--no-backup", noBackup);
    flag(words, "--no-export", noExport);
    jars.forEach(jar -> value(words, "--jars", jar.toAbsolutePath()));
    value(words, "--jobs", jobs);
    return words;
  }

  private static void flag(List<String> words, String name, boolean given) {
    if (given) {
      words.add(name);
    }
  }

  private static void value(List<String> words, String name, @Nullable Object value) {
    if (value != null) {
      words.add(name);
      words.add(value.toString());
    }
  }
}
