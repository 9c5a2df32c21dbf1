package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The pages in docs/commands, and the help that they are made from. */
class CommandPagesTest {
  private static final Path FOLDER = Path.of("docs/commands");

  /** Picocli's own, with a text of its own. */
  private static final String FOREIGN = "generate-completion";

  @Test
  void thePagesAreWhatTheHelpSays() throws IOException {
    if (Boolean.getBoolean("belay.docs.write")) {
      write(CommandPages.pages());
    }

    assertThat(onDisk())
        .as(
            "docs/commands is stale; make it anew with:"
                + " mvn -B test -Dtest=CommandPagesTest -Dbelay.docs.write=true")
        .isEqualTo(CommandPages.pages());
  }

  @Test
  void everyCommandShowsAnExampleOfItselfInItsHelp() {
    CommandPages.commands().forEach(CommandPagesTest::showsAnExample);
  }

  @Test
  void everyOptionSaysWhatItDoes() {
    CommandPages.commands()
        .forEach(
            (name, command) ->
                command
                    .getCommandSpec()
                    .options()
                    .forEach(
                        option ->
                            assertThat(option.description())
                                .as(name + " " + option.longestName())
                                .isNotEmpty()));
  }

  @Test
  void noLineBelowTheOptionsIsBrokenOnATerminalOf80Columns() {
    CommandPages.commands()
        .forEach(
            (name, command) -> {
              if (!name.equals(FOREIGN)) {
                assertThat(command.getCommandSpec().usageMessage().footer())
                    .as(name)
                    .allMatch(line -> line.length() < 80);
              }
            });
  }

  @Test
  void theProgramsHelpHasEveryExitStatus() {
    String help = CommandPages.program().getUsageMessage(Ansi.OFF);

    for (ExitCode code : ExitCode.values()) {
      assertThat(help).containsPattern("\n  " + code.status() + " +[a-z]");
    }
    assertThat(help.lines()).allMatch(line -> line.length() <= 80);
  }

  private static void showsAnExample(String name, CommandLine command) {
    if (name.equals(FOREIGN) || !command.getSubcommands().isEmpty()) {
      return;
    }
    String help = command.getUsageMessage(Ansi.OFF);
    assertThat(help).as(name).contains("Examples:");
    assertThat(help.substring(help.indexOf("Examples:"))).as(name).contains("  belay " + name);
    assertThat(CommandPages.firstLine(command)).as(name).endsWith(".");
  }

  private static Map<String, String> onDisk() throws IOException {
    Map<String, String> pages = new TreeMap<>();
    if (Files.isDirectory(FOLDER)) {
      try (Stream<Path> files = Files.list(FOLDER)) {
        for (Path file : files.toList()) {
          pages.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return pages;
  }

  private static void write(Map<String, String> pages) throws IOException {
    Files.createDirectories(FOLDER);
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    for (Map.Entry<String, String> page : pages.entrySet()) {
      Files.writeString(FOLDER.resolve(page.getKey()), page.getValue());
    }
  }
}
