package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README tells people to type works: every block marked {@code belay:run}, in order. */
class ReadmeIT {
  private static final Pattern BLOCK =
      Pattern.compile("<!-- belay:run -->\\s*```sh\\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @Test
  void theCommandsOfTheReadmeWork() throws IOException {
    Target target = TestServer.fresh("readme");
    try {
      Program program = new Program(folder).on(target);
      List<String> commands = commands();
      assertThat(commands).isNotEmpty();
      for (String command : commands) {
        Cli.Result result = program.run(List.of("sh", "-c", command));

        assertThat(result.status()).as(command + "\n" + result.err()).isZero();
      }
    } finally {
      TestServer.drop(target);
    }
  }

  private static List<String> commands() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher block = BLOCK.matcher(Files.readString(Path.of("README.md")));
    while (block.find()) {
      block
          .group(1)
          .lines()
          .map(String::strip)
          .filter(line -> line.startsWith("belay "))
          .forEach(commands::add);
    }
    return commands;
  }
}
