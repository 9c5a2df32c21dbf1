package dev.belay.guard;

import dev.belay.archive.Level;
import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Consent;
import dev.belay.cli.JobsOption;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.cli.WaitOptions;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.process.ProgramSearch;
import dev.belay.readiness.Topic;
import dev.belay.recovery.RecoveryPolicy;
import dev.belay.report.Report;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code belay guard}: runs any migration command with a way back. */
@Command(
    name = "guard",
    description = "Run any migration command with a backup before and recovery after.",
    footer = {
      "",
      "The command has this program's standard streams to itself: belay writes its",
      "report to standard error, and with --report-file as JSON into a file. When",
      "the command succeeds, so does guard. When it fails, the policy decides what",
      "is done, and guard exits with 13 (all is as before) or 20 (look at it).",
      "",
      "Examples:",
      "  belay guard --yes -- flyway migrate",
      "  belay guard --name deploy --time-limit 30m -- python manage.py migrate",
      "  belay guard --on-failure restore -- sh -c 'psql -f new.sql | tee new.log'",
      "  belay guard --dry-run -- alembic upgrade head"
    })
public final class GuardCommand extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Mixin private WaitOptions wait;

  @Parameters(
      arity = "1..*",
      paramLabel = "-- <command>",
      description = "The command and its arguments, as they are.")
  private List<String> command = new ArrayList<>();

  @Option(names = "--name", paramLabel = "<name>", description = "What people call it.")
  private String name = "";

  @Option(
      names = "--on-failure",
      paramLabel = "<policy>",
      description = "What is done when the command fails: undo (default), restore or stop.")
  private @Nullable String onFailure;

  @Option(names = "--no-backup", description = "Make no backup first.")
  private boolean noBackup;

  @Option(
      names = "--backup-level",
      paramLabel = "<level>",
      description =
          "How far the backup is proven before the command runs: listed, checksummed, readable"
              + " (default), restored or sound.")
  private String level = "readable";

  @Option(
      names = "--time-limit",
      paramLabel = "<duration>",
      description = "End the command, with all it started, after so long, such as 30m.")
  private @Nullable String timeLimit;

  @Option(
      names = "--accept-loss",
      paramLabel = "<rows>",
      description = "So many rows and values an undo may lose (default: none).")
  private @Nullable Long acceptLoss;

  @Option(names = "--no-preflight", description = "Do not look whether one could go back.")
  private boolean noPreflight;

  @Option(
      names = "--accept",
      paramLabel = "<point>",
      split = ",",
      description = "Go on though this point of readiness fails; repeatable.")
  private List<String> accept = new ArrayList<>();

  @Option(
      names = "--monitor",
      negatable = true,
      description = "Print what is seen of machine and database (default: only keep it).")
  private @Nullable Boolean monitor;

  @Option(
      names = "--report-file",
      paramLabel = "<file>",
      description = "Write the report there too, as JSON.")
  private @Nullable String reportFile;

  @Option(
      names = "--status-file",
      paramLabel = "<file>",
      description = "Write the command's exit status there, when it was run.")
  private @Nullable String statusFile;

  @Mixin private JobsOption jobs = new JobsOption();

  private final String version;

  /**
   * @param version of this program
   */
  public GuardCommand(Surroundings surroundings, Terminal terminal, String version) {
    super(surroundings, terminal.answeringOnError());
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    Optional<ReportFile> file =
        Optional.ofNullable(reportFile)
            .map(path -> ReportFile.prepare(surroundings().directory().resolve(path)));
    try {
      GuardRequest request = request(settings);
      GuardedRun run = GuardedRun.of(settings, progress, "guard", wait.longest());
      Consent consent = change.consent(terminal(), settings.isProduction());
      GuardReport report =
          new Guard(run, surroundings().environment(), version)
              .run(request, change.dryRun(), consent);
      file.ifPresent(each -> each.report(database().report(report), progress));
      return report;
    } catch (Failure failure) {
      file.ifPresent(each -> each.failure(database().failure(failure), progress));
      throw failure;
    }
  }

  private GuardRequest request(Settings settings) {
    CommandWords.refuseGarbled(command);
    CommandWords.refuseOwn(command, "run it as it is");
    Path directory = surroundings().directory();
    return new GuardRequest(
        name,
        command,
        ProgramSearch.find(command.get(0), surroundings().environment(), directory),
        directory,
        !noPreflight,
        accepted(),
        noBackup ? Optional.empty() : Optional.of(Level.parse(level)),
        RecoveryPolicy.of(Optional.ofNullable(onFailure), settings),
        acceptLoss == null ? OptionalLong.empty() : OptionalLong.of(acceptLoss),
        timeLimit == null ? Duration.ZERO : Units.parseDuration(timeLimit),
        !Boolean.FALSE.equals(monitor),
        Boolean.TRUE.equals(monitor),
        Optional.ofNullable(statusFile).map(directory::resolve),
        jobs.jobs(settings),
        further());
  }

  private List<String> further() {
    List<String> words = new ArrayList<>();
    jobs.given().ifPresent(number -> words.addAll(List.of("--jobs", String.valueOf(number))));
    if (monitor != null) {
      words.add(monitor ? "--monitor" : "--no-monitor");
    }
    if (reportFile != null) {
      words.addAll(List.of("--report-file", reportFile));
    }
    if (statusFile != null) {
      words.addAll(List.of("--status-file", statusFile));
    }
    return words;
  }

  private Set<Topic> accepted() {
    Set<Topic> topics = EnumSet.noneOf(Topic.class);
    for (String each : accept) {
      topics.add(
          Stream.of(Topic.values())
              .filter(topic -> topic.word().equals(each.strip().toLowerCase(Locale.ROOT)))
              .findFirst()
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "there is no point of readiness '%s'".formatted(each),
                          "use one of: "
                              + Stream.of(Topic.values())
                                  .map(Topic::word)
                                  .collect(Collectors.joining(", ")))));
    }
    return topics;
  }
}
