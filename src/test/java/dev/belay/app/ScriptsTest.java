package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.support.Cli;
import dev.belay.support.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell scripts of the project; {@code scripts/test} installs the checker that they need. */
class ScriptsTest {
  @TempDir Path folder;

  @Test
  void shellcheckHasNothingToSay() throws IOException {
    Program program = new Program(Path.of("").toAbsolutePath());
    assumeTrue(
        program.run(List.of("sh", "-c", "command -v shellcheck")).status() == 0,
        "shellcheck is not installed: scripts/test installs it");
    List<String> command = new ArrayList<>(List.of("shellcheck", "-x"));
    scripts().forEach(script -> command.add(script.toString()));

    Cli.Result result = program.run(command);

    assertThat(result.out()).isEmpty();
    assertThat(result.status()).isZero();
  }

  @Test
  void theDevelopersLauncherSaysHowToBuildWhenNothingIsBuilt() throws IOException {
    Path script = Files.createDirectory(folder.resolve("scripts")).resolve("belay");
    Files.copy(Path.of("scripts/belay"), script);

    Cli.Result result = new Program(folder).run(List.of("sh", script.toString(), "--version"));

    assertThat(result.status()).isEqualTo(12);
    assertThat(result.err())
        .startsWith("error: Belay is not built yet; build it with: ")
        .hasLineCount(1);
  }

  private static List<Path> scripts() throws IOException {
    List<Path> scripts = new ArrayList<>();
    scripts.add(Path.of("src/main/launcher/belay"));
    scripts.add(Path.of(".ci/run"));
    for (String room : List.of("scripts", "scripts/lib", "benchmarks", "benchmarks/lib")) {
      if (Files.isDirectory(Path.of(room))) {
        try (Stream<Path> files = Files.list(Path.of(room))) {
          files
              .filter(
                  file ->
                      Files.isRegularFile(file)
                          && !file.toString().endsWith(".md")
                          && !file.toString().endsWith(".java"))
              .forEach(scripts::add);
        }
      }
    }
    return scripts;
  }
}
