package dev.belay.cli;

import dev.belay.config.Masking;
import dev.belay.core.Failure;
import dev.belay.report.Format;
import dev.belay.report.Renderer;
import java.time.Instant;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The single place where failures become three lines, or the JSON envelope, and an exit status. */
public final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  private final Terminal terminal;

  public Failures(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int handleExecutionException(
      Exception thrown, CommandLine commandLine, ParseResult parsed) {
    Renderer renderer =
        commandLine.getCommand() instanceof ReportCommand command
            ? command.renderer()
            : new Renderer(Format.text, commandLine.getCommandName(), Instant.now());
    return show(thrown, renderer);
  }

  /** Shows whatever was thrown; anything but a {@link Failure} is a defect. */
  public int show(Throwable thrown, Renderer renderer) {
    Failure failure = thrown instanceof Failure known ? known : Failure.unexpected(thrown);
    LoggerFactory.getLogger(Failures.class)
        .error("{} (exit {})", failure.message(), failure.exitCode().status(), thrown);
    renderer.failure(failure, terminal.out(), terminal.err());
    return failure.exitCode().status();
  }

  @Override
  public int handleParseException(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    String message =
        Masking.argument(String.valueOf(wrong.getMessage()).replace('\n', ' ').strip());
    List<String> suggestions =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    String hint =
        suggestions.isEmpty()
            ? command.getCommandSpec().qualifiedName() + " --help"
            : "did you mean " + String.join(" or ", suggestions) + "?";
    boolean json = List.of(arguments).contains("--output=json") || followsOutput(arguments);
    Renderer renderer =
        new Renderer(json ? Format.json : Format.text, command.getCommandName(), Instant.now());
    Failure failure = Failure.usage(lower(message), hint);
    renderer.failure(failure, terminal.out(), terminal.err());
    return failure.exitCode().status();
  }

  private static boolean followsOutput(String[] arguments) {
    int at = List.of(arguments).indexOf("--output");
    return at >= 0 && at + 1 < arguments.length && arguments[at + 1].equals("json");
  }

  private static String lower(String message) {
    return message.isEmpty()
        ? message
        : Character.toLowerCase(message.charAt(0)) + message.substring(1);
  }
}
