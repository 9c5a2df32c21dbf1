package dev.belay.app;

import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.UsageMessageSpec;

/** Renders one Markdown page per command from its help. */
final class CommandPages {
  private static final int WIDTH = 100;

  private CommandPages() {}

  /** The program, with nothing around it. */
  static CommandLine program() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return App.commandLine(
        new Surroundings(Map.of(), Path.of(""), Path.of(""), "operator"),
        new Terminal(nowhere, nowhere, false, false, () -> null));
  }

  /** Every command that an operator sees, by its full name without {@code belay}. */
  static Map<String, CommandLine> commands() {
    Map<String, CommandLine> commands = new TreeMap<>();
    collect("", program(), commands);
    return commands;
  }

  private static void collect(String prefix, CommandLine parent, Map<String, CommandLine> into) {
    parent
        .getSubcommands()
        .forEach(
            (name, command) -> {
              if (!command.getCommandSpec().usageMessage().hidden() && !name.equals("help")) {
                into.put(prefix + name, command);
                collect(prefix + name + " ", command, into);
              }
            });
  }

  /** The pages by file name. */
  static Map<String, String> pages() {
    Map<String, String> pages = new TreeMap<>();
    StringBuilder index =
        new StringBuilder("# Commands\n\n| command | what it does |\n|---|---|\n");
    commands()
        .forEach(
            (name, command) -> {
              String file = name.replace(' ', '-') + ".md";
              pages.put(file, page(name, command));
              index.append("| [`%s`](%s) | %s |\n".formatted(name, file, firstLine(command)));
            });
    index.append("\nThese pages are made from `--help`; CONTRIBUTING.md says how.\n");
    pages.put("README.md", index.toString());
    return pages;
  }

  private static String page(String name, CommandLine command) {
    UsageMessageSpec usage = command.getCommandSpec().usageMessage();
    usage.width(WIDTH);
    return "# belay %s\n\n%s\n\n```\n%s```\n"
        .formatted(name, firstLine(command), stripped(command.getUsageMessage(Ansi.OFF)));
  }

  /** What the command's help begins with. */
  static String firstLine(CommandLine command) {
    String[] description = command.getCommandSpec().usageMessage().description();
    return description.length == 0 ? "" : description[0].formatted();
  }

  private static String stripped(String help) {
    return help.lines().map(String::stripTrailing).reduce("", (all, line) -> all + line + "\n");
  }
}
