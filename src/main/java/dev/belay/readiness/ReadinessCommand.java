package dev.belay.readiness;

import dev.belay.cli.Progress;
import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.postgres.Databases;
import dev.belay.report.Renderer;
import dev.belay.report.Report;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code belay readiness}: exit 0 when one could go back right now, 10 when something stands in the
 * way, 12 when the server cannot be reached or something could not be looked at.
 */
@Command(
    name = "readiness",
    description = "Can we go back right now? Backup, tools, disk, sessions, locks, undo scripts.",
    footer = {
      "",
      "Limits are set in belay.yaml, in the section readiness. Reads only.",
      "",
      "Exit status 0: ready, warnings at most; 10: not ready; 12: the server cannot be",
      "reached, or something could not be looked at and nothing else was found.",
      "",
      "Examples:",
      "  belay readiness",
      "  belay readiness orders --output json",
      "  belay readiness --metrics-file /var/lib/node_exporter/belay.prom",
      "  belay readiness --set readiness.backupMaxAge=1h --output junit > ready.xml"
    })
public final class ReadinessCommand extends ReportCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "<app>",
      description = "Ask for the undo scripts of only this app (default: all).")
  private @Nullable String app;

  @Option(
      names = "--metrics-file",
      paramLabel = "<file>",
      description = "Write what is measured there, for Prometheus.")
  private @Nullable Path metricsFile;

  private final Databases databases;

  public ReadinessCommand(Surroundings surroundings, Terminal terminal, Databases databases) {
    super(surroundings, terminal);
    this.databases = databases;
  }

  @Override
  protected boolean writesJunit() {
    return true;
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    List<AppSettings> apps = app == null ? settings.apps() : List.of(settings.app(app));
    ReadinessReport report =
        new Readiness(databases, settings, surroundings().environment())
            .look(ReadinessRequest.of(apps));
    if (metricsFile != null) {
      report.figures(Instant.now()).write(surroundings().directory().resolve(metricsFile));
    }
    report
        .unreachable()
        .ifPresent(failure -> Renderer.lines(failure).forEach(terminal().err()::println));
    terminal().err().flush();
    return report;
  }
}
