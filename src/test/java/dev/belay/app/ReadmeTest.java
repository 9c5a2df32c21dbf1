package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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
  void everyPageLinksOnlyToFilesThatExist() throws IOException {
    try (var pages = Files.walk(Path.of("docs"))) {
      List<Path> all =
          new ArrayList<>(pages.filter(page -> page.toString().endsWith(".md")).toList());
      all.addAll(
          List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("CHANGELOG.md")));
      for (Path page : all) {
        var link = Pattern.compile("]\\(([^)#:]+)[^):]*\\)").matcher(Files.readString(page));
        while (link.find()) {
          assertThat(page.toAbsolutePath().resolveSibling(link.group(1)))
              .as(page.toString())
              .exists();
        }
      }
    }
  }
}
