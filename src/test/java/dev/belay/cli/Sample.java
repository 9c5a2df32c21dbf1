package dev.belay.cli;

import dev.belay.app.App;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.Report;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command of the tests: it asks, then does what {@code --act} says. */
@Command(name = "sample", mixinStandardHelpOptions = true, description = "A command of the tests.")
public final class Sample extends ReportCommand {
  @Mixin private ChangeOptions change;
  @Spec private CommandLine.Model.CommandSpec spec;

  @Parameters(paramLabel = "<what>")
  private String what;

  @Option(names = "--act")
  private String act = "";

  @Option(names = "--production")
  private boolean production;

  private Sample(Surroundings surroundings, Terminal terminal) {
    super(surroundings, terminal);
  }

  /** The answer: whether it was done. */
  public record Answer(boolean done) implements Report {
    @Override
    public ExitCode exitCode() {
      return ExitCode.OK;
    }

    @Override
    public List<String> lines() {
      return List.of("done: " + done);
    }
  }

  /** The program with this command in it. */
  static CommandLine program(Surroundings surroundings, Terminal terminal) {
    CommandLine line = App.commandLine(surroundings, terminal);
    line.addSubcommand(new Sample(surroundings, terminal));
    Failures failures =
        new Failures(terminal, Colour.isWanted(terminal, surroundings.environment()));
    // picocli hands these to the commands that are there when they are set.
    return line.setOut(terminal.out())
        .setErr(terminal.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(failures)
        .setExecutionExceptionHandler(failures);
  }

  /** The same as a program of its own, for tests with signals and pipes. */
  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, false, StandardCharsets.UTF_8);
    Cleanup.register(() -> System.err.println("cleaned up"));
    int status =
        program(Surroundings.ofThisProcess(), Terminal.ofThisProcess(out, err)).execute(arguments);
    System.exit(status);
  }

  @Override
  protected Report run(Settings settings, Progress progress) {
    Plan plan = new Plan("change " + what, List.of("one\nline"), List.of("5 rows"), what);
    boolean done = change.consent(terminal(), production).given(plan);
    act(progress);
    return new Answer(done);
  }

  private void act(Progress progress) {
    switch (act) {
      case "talk" -> {
        progress.step("a step");
        progress.warn("a warning");
        progress.detail("a detail");
      }
      case "defect" -> throw new IllegalStateException("a bug");
      case "memory" -> throw new OutOfMemoryError("Java heap space");
      case "parameter" ->
          throw new CommandLine.ParameterException(spec.commandLine(), "Late complaint");
      case "refuse" -> throw Failure.refused("no", "do");
      default -> {}
    }
  }

  /** Runs it in this process at a place of its own. */
  static CommandTester in(Path directory) {
    return new CommandTester(directory, Map.of());
  }
}
