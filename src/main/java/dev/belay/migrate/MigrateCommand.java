package dev.belay.migrate;

import dev.belay.archive.Level;
import dev.belay.cli.ChangeOptions;
import dev.belay.cli.JarsOption;
import dev.belay.cli.JobsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.readiness.Topic;
import dev.belay.recovery.RecoveryPolicy;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay migrate [app]}: applies pending migrations, and goes back when that fails. */
@Command(
    name = "migrate",
    description =
        "Apply pending migrations, guarded: replayed first, backed up, with short locks, verified"
            + " afterwards, and taken back when they fail.",
    footer = {
      "",
      "Exit status 0: applied, or nothing was pending; 11: refused before any change;",
      "13: it failed and everything is as before; 20: it failed and something is",
      "left, or what was applied is not as it should be; the last lines say what.",
      "",
      "Examples:",
      "  belay migrate --dry-run",
      "  belay migrate billing --yes --monitor",
      "  belay migrate --target 18 --backup-level restored --on-failure restore",
      "  belay migrate --zero-downtime --max-lock 500ms --watch 60s",
      "  belay migrate --accept-loss 120 --accept long-transactions"
    })
public final class MigrateCommand extends ReportCommand {
  private static final Duration WATCH = Duration.ofSeconds(60);

  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(
      arity = "0..1",
      paramLabel = "<app>",
      description = "The app; may be left out when there is only one.")
  private @Nullable String app;

  @Option(
      names = "--target",
      paramLabel = "<version>",
      description = "Apply up to this version (default: all, or as Flyway is configured).")
  private @Nullable String target;

  @Option(
      names = "--zero-downtime",
      description =
          "The application works meanwhile: refuse what would keep it waiting for longer than"
              + " --max-lock, cancel what does, and watch afterwards.")
  private boolean zeroDowntime;

  @Option(
      names = "--max-lock",
      paramLabel = "<duration>",
      description = "With --zero-downtime: how long others may have to wait (default: 500ms).")
  private @Nullable String maxLock;

  @Option(
      names = "--watch",
      paramLabel = "<duration>",
      description =
          "How long the database is watched afterwards (default: 60s with --zero-downtime, else not"
              + " at all).")
  private @Nullable String watch;

  @Option(
      names = "--on-failure",
      paramLabel = "<policy>",
      description =
          "undo what was applied, restore the backup, or stop (default: undo; the backup is restored"
              + " only when nobody else wrote since).")
  private @Nullable String onFailure;

  @Option(
      names = "--fail-on",
      paramLabel = "<level>",
      description =
          "Refuse from this level of risk on: low, medium, high, critical, or none (default:"
              + " critical).")
  private @Nullable String failOn;

  @Option(
      names = "--accept-loss",
      paramLabel = "<rows>",
      description = "So many rows and values may be lost (default: none).")
  private @Nullable Long acceptLoss;

  @Option(
      names = "--accept",
      paramLabel = "<point>",
      split = ",",
      description = "A point of belay readiness that may be as it is; repeatable.")
  private List<String> accept = new ArrayList<>();

  @Option(names = "--no-preflight", description = "Do not look first whether one could go back.")
  private boolean noPreflight;

  @Option(
      names = "--unproven",
      description = "Migrate even when the migrations cannot be replayed.")
  private boolean unproven;

  @Option(
      names = "--backup-level",
      paramLabel = "<level>",
      description =
          "How far the backup is proven before anything is changed: checksummed, readable, restored"
              + " or sound (default: readable).")
  private @Nullable String backupLevel;

  @Option(names = "--no-backup", description = "Make no backup first.")
  private boolean noBackup;

  @Option(names = "--no-export", description = "Do not export what is lost.")
  private boolean noExport;

  @Option(
      names = "--lock-tries",
      paramLabel = "<n>",
      description =
          "How often a migration is tried when a lock is not given, with longer and longer pauses"
              + " (default: 12).")
  private @Nullable Integer lockTries;

  @Option(names = "--monitor", description = "Print what is seen of machine and database.")
  private boolean monitor;

  @Option(names = "--no-monitor", description = "Do not watch machine and database meanwhile.")
  private boolean noMonitor;

  @Mixin private JobsOption jobs = new JobsOption();

  @Mixin private JarsOption jars = new JarsOption();

  private final String version;

  /**
   * @param version of this program
   */
  public MigrateCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal);
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    AppSettings chosen = chosen(settings);
    Settings whole = settings.with(chosen);
    MigrateRequest request = request(whole, chosen);
    GuardedRun run = GuardedRun.of(whole, progress, "migrate", wait.longest());
    return new Migrate(run, request, surroundings().environment(), version)
        .run(change.dryRun(), change.consent(terminal(), whole.isProduction()));
  }

  private AppSettings chosen(Settings settings) {
    AppSettings chosen = settings.appOrOnly(Optional.ofNullable(app));
    if (target == null) {
      return chosen;
    }
    if (target.isBlank()) {
      throw Failure.usage("--target is empty", "give a version, such as --target 18");
    }
    return chosen.withFlyway("target", version(target.strip()));
  }

  /** People say V18, and Flyway wants 18. */
  private static String version(String text) {
    String number = text.matches("[vV]\\d.*") ? text.substring(1) : text;
    boolean known =
        number.matches("\\d+([._]\\d+)*\\??") || number.matches("(?i)latest|next|current");
    if (!known) {
      throw Failure.usage(
          "--target is '%s', which is no version".formatted(text),
          "give a version such as 18 or 2.1, or latest or next");
    }
    return number;
  }

  private MigrateRequest request(Settings settings, AppSettings chosen) {
    refuseTogether(monitor, "--monitor", noMonitor, "--no-monitor");
    refuseTogether(backupLevel != null, "--backup-level", noBackup, "--no-backup");
    refuseTogether(!accept.isEmpty(), "--accept", noPreflight, "--no-preflight");
    MigrateSettings own = MigrateSettings.of(settings);
    boolean zero = zeroDowntime || own.zeroDowntime();
    if (maxLock != null && !zero) {
      throw Failure.usage(
          "--max-lock is given without --zero-downtime",
          "add --zero-downtime; how long locks are waited for is lockTimeout in belay.yaml");
    }
    Duration longest = maxLock == null ? own.maxLock() : Units.parseDuration(maxLock);
    Duration configured = settings.lockTimeout();
    Set<Topic> accepted = EnumSet.noneOf(Topic.class);
    accepted.addAll(own.accept());
    accepted.addAll(MigrateSettings.topics("--accept", accept));
    Optional<Level> level =
        backupLevel == null ? own.backup() : MigrateSettings.backup(backupLevel);
    return new MigrateRequest(
        chosen,
        jars.jars(surroundings()),
        !noPreflight,
        accepted,
        failOn == null ? own.failOn() : MigrateSettings.failOn("--fail-on", failOn),
        acceptLoss == null ? OptionalLong.empty() : OptionalLong.of(acceptLoss),
        unproven,
        noBackup ? Optional.empty() : level,
        !noExport,
        RecoveryPolicy.of(Optional.ofNullable(onFailure), settings),
        zero,
        longest,
        zero && longest.compareTo(configured) < 0 ? longest : configured,
        lockTries == null ? own.lockTries() : lockTries,
        !noMonitor && (monitor || own.monitor()),
        monitor,
        watch == null
            ? own.watch().orElse(zero ? WATCH : Duration.ZERO)
            : Units.parseDuration(watch),
        jobs.jobs(settings),
        surroundings().directory());
  }

  private static void refuseTogether(boolean one, String first, boolean other, String second) {
    if (one && other) {
      throw Failure.usage(
          "%s and %s are given together".formatted(first, second), "leave one of them out");
    }
  }
}
