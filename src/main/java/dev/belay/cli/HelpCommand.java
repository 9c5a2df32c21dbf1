package dev.belay.cli;

import dev.belay.core.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code belay help}: the help of the program or of a command, of any depth. */
@Command(
    name = "help",
    header = "Display help information about the specified command.",
    synopsisHeading = "%nUsage: ",
    helpCommand = true,
    description = {
      "%nWhen no COMMAND is given, the usage help for the main command is displayed.",
      "If a COMMAND is specified, the help for that command is shown.%n"
    })
public final class HelpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "0..*",
      description = "The COMMAND to display the usage help message for.")
  private List<String> words = new ArrayList<>();

  @Override
  public Integer call() {
    CommandSpec parent = spec.parent();
    CommandLine command = (parent == null ? spec : parent).commandLine();
    for (String word : words) {
      CommandLine next = command.getSubcommands().get(word);
      if (next == null) {
        throw Failure.usage(
            "there is no command '%s %s'".formatted(command.getCommandSpec().qualifiedName(), word),
            command.getCommandSpec().qualifiedName() + " --help");
      }
      command = next;
    }
    command.usage(spec.commandLine().getOut());
    return 0;
  }
}
