package dev.belay.verify;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.dataset.StoredExports;
import dev.belay.integrity.Checks;
import dev.belay.report.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code belay verify-integrity}: exit 0 when the data keeps its promises, 10 when it does not, 12
 * when something could not be checked.
 */
@Command(
    name = "verify-integrity",
    description = "Check that the data keeps its promises: constraints, rules, a backup's content.",
    footer = {
      "",
      "Reads only. Where the server is busy it goes gently, in short steps with rests.",
      "Rules are .sql files: one query each, whose first comment is the complaint and",
      "whose rows are the findings. With --output junit the answer is XML for CI.",
      "",
      "Exit status 0: every promise is kept, warnings at most; 10: one is broken;",
      "12: nothing was found, and something could not be checked.",
      "",
      "Examples:",
      "  belay verify-integrity",
      "  belay verify-integrity --backup latest --fast",
      "  belay verify-integrity --export-path latest --check data-comparison",
      "  belay verify-integrity --rules checks/ --output junit > integrity.xml",
      "  belay verify-integrity --check foreign-key-orphan --check duplicate-key",
      "  belay verify-integrity --list-checks"
    })
public final class VerifyIntegrityCommand extends ReportCommand {
  private static final int MOST_ROWS = 10_000;

  @Option(
      names = "--app",
      paramLabel = "<app>",
      description = "Only what belongs to this app (default: the whole database).")
  private @Nullable String app;

  @Option(
      names = "--backup",
      paramLabel = "<backup>",
      description =
          "Compare every table with this backup: an id, a path, or latest. What was written since differs.")
  private @Nullable String backup;

  @Option(
      names = "--export-path",
      paramLabel = "<file>",
      description =
          "Compare every row with this export: a file, or latest. It is loaded into temporary tables.")
  private @Nullable String export;

  @Option(
      names = "--rules",
      paramLabel = "<path>",
      description =
          "A file, or a folder of .sql files, with rules; repeatable (default: the folder rules, if it is there).")
  private List<Path> rules = new ArrayList<>();

  @Option(
      names = "--rule-timeout",
      paramLabel = "<duration>",
      description = "How long one rule may take (default: 30s).")
  private String ruleTimeout = "30s";

  @Option(
      names = "--max-rows",
      paramLabel = "<number>",
      description =
          "How many findings of each check are shown (default: 10); they are counted all the same.")
  private int maxRows = 10;

  @Option(
      names = "--gentle",
      description = "Go so gently that clients hardly notice (default where the server is busy).")
  private boolean gentle;

  @Option(
      names = "--fast",
      description = "Go as fast as --jobs sessions can (default where the server is idle).")
  private boolean fast;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "<number>",
      description = "Sessions at once where it goes fast (default: as configured).")
  private @Nullable Integer jobs;

  @Option(
      names = "--check",
      paramLabel = "<id>",
      description = "Run only this check or rule; repeatable.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--skip",
      paramLabel = "<id>",
      description = "Do not run this check or rule; repeatable.")
  private List<String> skipped = new ArrayList<>();

  @Option(
      names = "--fail-on",
      paramLabel = "<severity>",
      description = "The least severity that gives exit status 10: error (default) or warning.")
  private String failOn = "error";

  @Option(names = "--list-checks", description = "List the checks and rules; reach no server.")
  private boolean listChecks;

  private final VerifyIntegrity verifyIntegrity;

  public VerifyIntegrityCommand(
      Surroundings surroundings, Terminal terminal, VerifyIntegrity verifyIntegrity) {
    super(surroundings, terminal);
    this.verifyIntegrity = verifyIntegrity;
  }

  @Override
  protected boolean writesJunit() {
    return !listChecks;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    IntegrityRequest request = request(settings);
    return listChecks
        ? CheckList.of(Selection.of(request))
        : verifyIntegrity.run(settings, request, progress);
  }

  private IntegrityRequest request(Settings settings) {
    if (gentle && fast) {
      throw Failure.usage("--gentle and --fast are given together", "give one of them");
    }
    if (maxRows < 1 || maxRows > MOST_ROWS) {
      throw Failure.usage(
          "--max-rows is %d, and it can be from 1 to %d".formatted(maxRows, MOST_ROWS),
          "belay verify-integrity --max-rows 100");
    }
    if (jobs != null && (jobs < 1 || jobs > 64)) {
      throw Failure.usage(
          "--jobs is %d, and it can be from 1 to 64".formatted(jobs),
          "belay verify-integrity --fast --jobs 4");
    }
    if (!failOn.equals("error") && !failOn.equals("warning")) {
      throw Failure.usage(
          "--fail-on is '%s', and there are error and warning".formatted(failOn),
          "belay verify-integrity --fail-on warning");
    }
    if (gentle && jobs != null && jobs > 1) {
      throw Failure.usage(
          "--gentle works in one session, and --jobs is " + jobs, "give --fast, or no --jobs");
    }
    if (backup != null && export != null) {
      throw Failure.usage(
          "--backup and --export-path are given together", "compare with one of them at a time");
    }
    return new IntegrityRequest(
        Optional.ofNullable(app),
        Optional.ofNullable(backup),
        Optional.ofNullable(export)
            .map(
                name ->
                    StoredExports.find(
                        surroundings().directory(), settings.folders().dataExports(), name)),
        places(),
        Units.parseDuration(ruleTimeout),
        maxRows,
        gentle || fast ? Optional.of(gentle) : Optional.empty(),
        jobs == null ? settings.jobs() : jobs,
        only,
        skipped,
        failOn.equals("warning"));
  }

  private List<Path> places() {
    Path directory = surroundings().directory();
    if (!rules.isEmpty()) {
      return rules.stream().map(directory::resolve).toList();
    }
    Path usual = directory.resolve("rules");
    return Checks.hasRules(usual) ? List.of(usual) : List.of();
  }
}
