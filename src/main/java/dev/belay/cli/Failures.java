package dev.belay.cli;

import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.Format;
import dev.belay.report.Renderer;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The single place where failures become three lines, or the JSON envelope, and an exit status. */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final Terminal terminal;
  private final boolean colour;

  /** Failures without colour. */
  public Failures(Terminal terminal) {
    this(terminal, false);
  }

  /**
   * @param colour whether the word {@code error} is red
   */
  public Failures(Terminal terminal, boolean colour) {
    this.terminal = terminal;
    this.colour = colour;
  }

  @Override
  public int handleExecutionException(
      Exception thrown, CommandLine commandLine, ParseResult parsed) {
    Renderer renderer =
        commandLine.getCommand() instanceof ReportCommand command
            ? command.renderer()
            : new Renderer(Format.text, commandLine.getCommandName(), Instant.now(), colour);
    Terminal own =
        commandLine.getCommand() instanceof ReportCommand command ? command.terminal() : terminal;
    int status = show(thrown, renderer, own);
    if (commandLine.getCommand() instanceof ReportCommand command) {
      command.tell();
    }
    return status;
  }

  /**
   * Shows whatever was thrown; anything but a {@link Failure} is a defect. While the program ends
   * by a signal a failure is only a consequence of that: it is logged and not shown.
   */
  public int show(Throwable thrown, Renderer renderer) {
    return show(thrown, renderer, terminal);
  }

  /** A command may leave standard output to a program that it runs. */
  private int show(Throwable thrown, Renderer renderer, Terminal where) {
    Failure failure = thrown instanceof Failure known ? known : Failure.unexpected(thrown);
    LoggerFactory.getLogger(Failures.class)
        .error("{} (exit {})", failure.message(), failure.exitCode().status(), thrown);
    if (!Cleanup.interrupted()) {
      renderer.failure(failure, where.out(), where.err());
      if (failure.exitCode() == ExitCode.UNEXPECTED && !Logging.isStarted()) {
        // Without a log the trace would be lost.
        thrown.printStackTrace(terminal.err());
        terminal.err().flush();
      }
    }
    return failure.exitCode().status();
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    if (arguments.length == 0) {
      command.usage(terminal.err());
      terminal.err().flush();
      return ExitCode.USAGE.status();
    }
    Renderer renderer =
        new Renderer(format(arguments), command.getCommandName(), Instant.now(), colour);
    Failure failure = UsageFailure.of(wrong);
    renderer.failure(failure, terminal.out(), terminal.err());
    return failure.exitCode().status();
  }

  /** The arguments are wrong, so what they ask for is looked for by hand. */
  private static Format format(String[] arguments) {
    List<String> words = List.of(arguments);
    boolean json =
        words.stream().anyMatch("--output=json"::equalsIgnoreCase)
            || IntStream.range(1, words.size())
                .anyMatch(
                    at ->
                        words.get(at - 1).equals("--output")
                            && words.get(at).equalsIgnoreCase("json"));
    return json ? Format.json : Format.text;
  }
}
