package dev.belay.cli;

import dev.belay.config.Configuration;
import dev.belay.config.Masking;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Failure;
import dev.belay.report.Format;
import dev.belay.report.Renderer;
import dev.belay.report.Report;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The only superclass of commands: configuration, log, run, render, exit code. */
public abstract class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  private final Instant startedAt = Instant.now();
  private final Surroundings surroundings;
  private final Terminal terminal;

  protected ReportCommand(Surroundings surroundings, Terminal terminal) {
    this.surroundings = surroundings;
    this.terminal = terminal;
  }

  /** Does the command's work. */
  protected abstract Report run(Settings settings, Progress progress);

  /** Whether its answer can be written as JUnit's XML. */
  protected boolean writesJunit() {
    return false;
  }

  @Override
  public final Integer call() {
    if (common.format() == Format.junit && !writesJunit()) {
      throw Failure.usage(
          "belay %s has no --output junit, since its answer is no list of checks"
              .formatted(spec.name()),
          "belay %s --output json".formatted(spec.name()));
    }
    Settings settings = Configuration.load(surroundings, common.flags());
    StatusLine statusLine = new StatusLine(terminal.err());
    Logging.start(settings.logFile(), statusLine.above(), common.verbose(), colour());
    List<String> words = spec.root().commandLine().getParseResult().originalArgs();
    LoggerFactory.getLogger(ReportCommand.class).info("belay {}", Masking.commandLine(words));
    Report report;
    try {
      report = run(settings, new Progress(terminal, statusLine));
    } catch (Error broken) {
      // picocli would let it pass, and with it the JSON that was asked for.
      throw Failure.unexpected(broken);
    }
    renderer().report(report, terminal.out());
    return report.exitCode().status();
  }

  /** The streams of this run. */
  protected final Terminal terminal() {
    return terminal;
  }

  /** Where this run happens. */
  protected final Surroundings surroundings() {
    return surroundings;
  }

  /** How this command's answer and failures are written. */
  final Renderer renderer() {
    return new Renderer(format(), spec.name(), startedAt, colour());
  }

  private boolean colour() {
    return Colour.isWanted(terminal, surroundings.environment());
  }

  private Format format() {
    Format wanted = common.format();
    return wanted == Format.junit && !writesJunit() ? Format.text : wanted;
  }
}
