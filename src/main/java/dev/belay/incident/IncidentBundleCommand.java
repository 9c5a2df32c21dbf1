package dev.belay.incident;

import dev.belay.cli.Logging;
import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.core.Since;
import dev.belay.core.Units;
import dev.belay.report.Report;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code belay incident-bundle}: one archive for the post-mortem. Changes no database. */
@Command(
    name = "incident-bundle",
    description = "Put journals, logs, reports and states into one archive, secrets masked.",
    footer = {
      "",
      "It works with the database down: what could not be had is said in index.html.",
      "Passwords, tokens and the paths of webhooks are masked in every file, also",
      "where they are percent-encoded or in Base64. Rows of the database are in it",
      "only as far as reports of reconciliations show them; no backup's data is.",
      "",
      "Examples:",
      "  belay incident-bundle",
      "  belay incident-bundle --since 3h --out /mnt/elsewhere/night.tar.gz",
      "  belay incident-bundle --run 5f0c1d2e3a4b --out night.zip --max-size 20MB"
    })
public final class IncidentBundleCommand extends ReportCommand {
  @Option(
      names = "--since",
      paramLabel = "<moment>",
      description = "What is older is left out: 24h (default), 7d, or 2026-11-01T08:30:00Z.")
  private @Nullable String since;

  @Option(
      names = "--run",
      paramLabel = "<run>",
      description = "Only this run and what lies around it; repeatable.")
  private List<String> runs = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "<file>",
      description =
          "A .tar.gz or .zip (default: belay_incident_<date>.tar.gz in the working directory). Nothing is overwritten.")
  private @Nullable String out;

  @Option(
      names = "--max-size",
      paramLabel = "<size>",
      description =
          "Of all that is in it, before it is compressed (default: 100MB). What is newest goes first.")
  private String maxSize = "100MB";

  private final OwnCommands commands;
  private final String version;

  /**
   * @param commands Belay's own, to ask what everything is like now
   * @param version of this program
   */
  public IncidentBundleCommand(
      Surroundings surroundings, Terminal terminal, OwnCommands commands, String version) {
    super(surroundings, terminal);
    this.commands = commands;
    this.version = version;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    if (since != null && !runs.isEmpty()) {
      throw Failure.usage(
          "--since and --run are both given", "name the runs alone, or the time alone");
    }
    runs.forEach(
        run -> {
          if (!Runs.NAME.matcher(run).matches()) {
            throw Failure.usage(
                "--run is '%s', which is no name of a run".formatted(run),
                "see the runs with: belay audit --output json");
          }
        });
    long maxBytes = Units.parseBytes(maxSize);
    if (maxBytes < 100_000) {
      throw Failure.usage("--max-size is " + maxSize, "give at least 100kB");
    }
    BundleRequest request =
        new BundleRequest(
            Since.parse(since == null ? "24h" : since, Instant.now()),
            runs,
            Optional.ofNullable(out).map(this::path),
            maxBytes);
    List<String> configured = commonArguments();
    OwnCommands asking =
        (where, streams, arguments) -> {
          try {
            return commands.run(where, streams, arguments);
          } finally {
            // Each command has the log to itself, and this one goes on.
            Logging.start(settings.logFile(), terminal().err(), false);
          }
        };
    StateNow state = new StateNow(asking, surroundings(), configured);
    return new IncidentBundle(settings, surroundings(), state, version).make(request, progress);
  }

  private Path path(String text) {
    try {
      return surroundings().directory().resolve(text);
    } catch (InvalidPathException wrong) {
      throw Failure.usage(
          "'%s' is no name of a file: %s".formatted(text, wrong.getReason()),
          "belay incident-bundle --out incident.tar.gz");
    }
  }
}
