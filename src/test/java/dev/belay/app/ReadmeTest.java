package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's tables are complete. */
class ReadmeTest {
  @Test
  void namesEveryCommand() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    CommandPages.commands()
        .keySet()
        .forEach(command -> assertThat(readme).contains("`" + command + "`"));
  }

  @Test
  void namesEveryExitCode() throws IOException {
    String readme = Files.readString(Path.of("README.md"));

    for (ExitCode code : ExitCode.values()) {
      assertThat(readme).contains("\n| " + code.status() + " | ");
    }
  }

  @Test
  void unpacksTheTarballThatIsBuilt() throws IOException {
    assertThat(Files.readString(Path.of("README.md")))
        .contains("target/belay-" + Version.number() + ".tar.gz");
  }

  @Test
  void linksOnlyToFilesThatExist() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    var link = java.util.regex.Pattern.compile("]\\(([^)#:]+)\\)").matcher(readme);
    while (link.find()) {
      assertThat(Path.of(link.group(1))).exists();
    }
  }
}
