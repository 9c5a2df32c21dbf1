package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.ReportCommand;
import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The options that are repeated in what is printed are read right behind any command's name. */
class RepeatedOptionsTest {
  private static final List<String> REPEATED =
      List.of("--set", "a=b", "--url", "here", "--config", "c.yaml");

  @TempDir Path folder;

  private CommandLine program() {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    return App.commandLine(
        new Surroundings(Map.of(), folder, folder, "tester"),
        new Terminal(nowhere, nowhere, false, false, () -> null));
  }

  private static ParseResult last(ParseResult parsed) {
    return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
  }

  private ParseResult parsed(String name, String... rest) {
    List<String> words = new ArrayList<>(List.of(name.split(" ")));
    words.addAll(REPEATED);
    words.addAll(List.of(rest));
    ParseResult command = last(program().parseArgs(words.toArray(String[]::new)));
    String url = command.matchedOptionValue("--url", "");
    String config = command.matchedOptionValue("--config", "");
    Map<String, String> settings = command.matchedOptionValue("--set", Map.of());
    assertThat(url).as(name).isEqualTo("here");
    assertThat(config).as(name).isEqualTo("c.yaml");
    assertThat(settings).as(name).isEqualTo(Map.of("a", "b"));
    return command;
  }

  private static List<String> names(CommandLine parent) {
    List<String> names = new ArrayList<>();
    for (CommandLine line : parent.getSubcommands().values()) {
      if (line.getCommand() instanceof ReportCommand command) {
        names.add(command.name());
      }
      names.addAll(names(line));
    }
    return names;
  }

  @Test
  void everyCommandReadsThem() {
    List<String> names = names(program());

    assertThat(names).hasSizeGreaterThan(40).contains("rollback-point execute", "batch status");
    // With --help nothing that is required is asked for.
    names.forEach(name -> parsed(name, "--help"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"guard", "create-trigger", "watch --run"})
  void theyAreBeforeTheCommandOfAnother(String name) {
    String[] words = name.split(" ", 2);
    List<String> rest = new ArrayList<>();
    if (words.length > 1) {
      rest.add(words[1]);
    }
    rest.addAll(List.of("--", "make", "--url", "there"));

    ParseResult command = parsed(words[0], rest.toArray(String[]::new));

    assertThat(command.originalArgs()).containsSubsequence("--", "make", "--url", "there");
  }
}
