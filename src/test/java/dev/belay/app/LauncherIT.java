package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import dev.belay.support.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of the packaged program, as an operator meets it. */
class LauncherIT {
  @TempDir Path folder;

  /** As an operator has it: nothing is set, and no archive is made yet. */
  private Program program() {
    return new Program(folder).with("XDG_CACHE_HOME", "").with("BELAY_JAVA_OPTS", "");
  }

  @Test
  void runsFromTheTarballThroughChainedRelativeLinksInAFolderWithSpaces() throws IOException {
    Path place = Files.createDirectories(folder.resolve("my tools/'quoted' $HOME"));
    Program program = program();
    Cli.Result unpacked =
        program.run(
            List.of(
                "tar",
                "-xzf",
                Program.tarball().toString(),
                "-C",
                place.toString(),
                "--strip-components=1"));
    assertThat(unpacked.status()).isZero();
    Path links = Files.createDirectory(folder.resolve("bin"));
    Files.createSymbolicLink(links.resolve("one"), Path.of("../my tools/'quoted' $HOME/bin/belay"));
    Files.createSymbolicLink(links.resolve("belay"), Path.of("one"));
    program.with("PATH", links + ":" + System.getenv("PATH"));

    for (List<String> command :
        List.of(
            List.of(links.resolve("belay").toString(), "--version"),
            List.of("bin/belay", "--version"),
            List.of("sh", "-c", "belay --version"))) {
      Cli.Result result = program.run(command);
      assertThat(result.err()).as(command.toString()).isEmpty();
      assertThat(result.out()).as(command.toString()).isEqualTo("belay " + Version.number() + "\n");
    }
  }

  @Test
  void runsOnEveryFitJavaOfThisMachineAndSaysNothingOfItsOwn() throws IOException {
    for (Path home : javaHomes()) {
      Program program = program().with("JAVA_HOME", home.toString());
      Cli.Result first = program.run("config", "--output", "json");
      Cli.Result second = program.run("config", "--output", "json");

      assertThat(first.status()).as(home + first.err()).isZero();
      assertThat(first.err()).as(home.toString()).isEmpty();
      assertThat(second.err()).as(home.toString()).isEmpty();
      assertThat(second.out()).startsWith("{");
    }
    assertThat(archives()).hasSize(javaHomes().size());
  }

  @Test
  void refusesATooOldJavaInOneLine() throws IOException {
    Path home = fakeJava("JAVA_VERSION=\"11.0.22\"\n");

    Cli.Result result = program().with("JAVA_HOME", home.toString()).run("--version");

    assertThat(result.status()).isEqualTo(12);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            "error: Belay needs Java 17 or newer, but the Java of JAVA_HOME (%s/bin/java) is 11.0.22; set JAVA_HOME to a newer one\n"
                .formatted(home));
  }

  @Test
  void readsTheOldFormOfVersionsToo() throws IOException {
    Path home = fakeJava("JAVA_VERSION=\"1.8.0_402\"\n");

    Cli.Result result = program().with("JAVA_HOME", home.toString()).run("--version");

    assertThat(result.status()).isEqualTo(12);
    assertThat(result.err()).contains("is 1.8.0_402;");
  }

  @Test
  void refusesAJavaHomeWithoutJava() {
    Cli.Result result = program().with("JAVA_HOME", folder.toString()).run("--version");

    assertThat(result.status()).isEqualTo(12);
    assertThat(result.err()).startsWith("error: JAVA_HOME is " + folder).hasLineCount(1);
  }

  @Test
  void saysHowToGetJavaWhenThereIsNone() throws IOException {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : List.of("sh", "readlink")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin", tool));
    }

    Cli.Result result =
        program().with("JAVA_HOME", "").with("PATH", tools.toString()).run("--version");

    assertThat(result.status()).isEqualTo(12);
    assertThat(result.err()).startsWith("error: no Java was found: install").hasLineCount(1);
  }

  @Test
  void findsTheJavaOnThePathThroughLinks() throws IOException {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    Files.createSymbolicLink(
        tools.resolve("java"), Path.of(System.getProperty("java.home"), "bin/java"));

    Cli.Result result =
        program()
            .with("JAVA_HOME", "")
            .with("PATH", tools + ":" + System.getenv("PATH"))
            .run("--version");

    assertThat(result.err()).isEmpty();
    assertThat(result.status()).isZero();
  }

  @Test
  void passesTheExitStatusOn() {
    assertThat(program().run("no-such-command").status()).isEqualTo(2);
  }

  @Test
  void keepsNamesThatAreNotAsciiUnderAnyLocale() {
    for (String locale : List.of("", "C", "POSIX")) {
      Cli.Result result = program().with("LC_ALL", locale).run("Grüße 数");

      assertThat(result.err()).as(locale).contains("'Grüße 数'");
    }
  }

  @Test
  void makesACompletionThatBashAccepts() throws IOException {
    Cli.Result completion = program().run("generate-completion");
    Path file = Files.writeString(folder.resolve("completion"), completion.out());

    assertThat(program().run(List.of("bash", "-n", file.toString())).err()).isEmpty();
    assertThat(completion.out()).contains("complete -F", "config");
  }

  @Test
  void startsWithoutTheHeavyLibraries() throws IOException {
    Path log = folder.resolve("classes");
    Program program = program().with("BELAY_JAVA_OPTS", "-Xlog:class+load:file=" + log);
    for (String argument : List.of("--version", "--help")) {
      assertThat(program.run(argument).status()).isZero();

      assertThat(Files.readString(log))
          .as(argument)
          .contains("dev.belay.app.Main ")
          .doesNotContain("ch.qos.logback")
          .doesNotContain("tools.jackson")
          .doesNotContain("org.postgresql")
          .doesNotContain("org.flywaydb");
    }
  }

  @Test
  void replacesADamagedClassArchive() throws IOException {
    Program program = program();
    String sound = program.run("config").out();
    Path archive = archives().get(0);
    byte[] bytes = Files.readAllBytes(archive);
    Files.delete(archive);
    for (byte[] damaged :
        List.of(new byte[0], Arrays.copyOf(bytes, bytes.length / 2), flipped(bytes))) {
      Files.write(archive, damaged);

      Cli.Result result = program.run("config");

      assertThat(result.status()).isZero();
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).isEqualTo(sound);
      assertThat(archives()).hasSize(1);
      assertThat(Files.size(archives().get(0))).isGreaterThan(1_000_000);
    }
  }

  @Test
  void runsWithoutAClassArchiveWhenTheCacheCannotBeWritten() throws IOException {
    Path file = Files.createFile(folder.resolve("cache"));

    Cli.Result result = program().with("XDG_CACHE_HOME", file.toString()).run("config");

    assertThat(result.status()).isZero();
    assertThat(result.err()).isEmpty();
  }

  @Test
  void leavesTheCacheAloneWhenToldSo() throws IOException {
    Cli.Result result = program().with("BELAY_CLASS_ARCHIVE", "off").run("config");

    assertThat(result.status()).as(result.err()).isZero();
    assertThat(folder.resolve(".cache")).doesNotExist();
  }

  @Test
  void runsWhileAnotherMakesTheClassArchiveAndLeavesNothingHalfMade() throws IOException {
    List<Program.Running> all = new ArrayList<>();
    for (int number = 0; number < 4; number++) {
      all.add(program().start("config"));
    }
    for (Program.Running one : all) {
      Cli.Result result = one.result();
      assertThat(result.status()).isZero();
      assertThat(result.err()).isEmpty();
    }
    assertThat(cache()).hasSize(1).isEqualTo(archives());
  }

  @Test
  void outlivesAMakerOfTheClassArchiveThatWasKilled() throws IOException {
    Program program = program();
    program.run("config");
    String archive = archives().get(0).getFileName().toString();
    String key = archive.replaceAll("-[0-9]+-[0-9]+\\.jsa$", "");
    Files.delete(archives().get(0));
    Path lock = Files.createDirectory(cacheFolder().resolve(key + ".lock"));
    Files.writeString(cacheFolder().resolve(key + ".99.part"), "half");

    Cli.Result held = program.run("config");
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(Duration.ofMinutes(5))));
    Cli.Result free = program.run("config");

    assertThat(held.err() + free.err()).isEmpty();
    assertThat(held.status() + free.status()).isZero();
    assertThat(archives()).hasSize(1);
    assertThat(lock).doesNotExist();
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] damaged = bytes.clone();
    damaged[damaged.length / 3] ^= 1;
    return damaged;
  }

  private Path cacheFolder() {
    return folder.resolve(".cache/belay");
  }

  private List<Path> cache() throws IOException {
    try (Stream<Path> files = Files.list(cacheFolder())) {
      return files.toList();
    }
  }

  private List<Path> archives() throws IOException {
    return cache().stream().filter(file -> file.toString().endsWith(".jsa")).toList();
  }

  private Path fakeJava(String release) throws IOException {
    Path home = Files.createDirectories(folder.resolve("old java"));
    Files.writeString(home.resolve("release"), release);
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho it must not be started\nexit 99\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return home;
  }

  /** Those below /usr/lib/jvm, each once, and the one of this test. */
  private static List<Path> javaHomes() throws IOException {
    List<Path> homes = new ArrayList<>();
    homes.add(Path.of(System.getProperty("java.home")).toRealPath());
    Path machine = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(machine)) {
      try (Stream<Path> folders = Files.list(machine)) {
        for (Path home : folders.toList()) {
          if (Files.isExecutable(home.resolve("bin/java"))
              && Files.exists(home.resolve("release"))
              && !homes.contains(home.toRealPath())
              && major(home) >= 17) {
            homes.add(home.toRealPath());
          }
        }
      }
    }
    return homes;
  }

  private static int major(Path home) throws IOException {
    return Files.readAllLines(home.resolve("release")).stream()
        .filter(line -> line.startsWith("JAVA_VERSION="))
        .map(line -> line.replaceAll("^[^0-9]*([0-9]+).*", "$1"))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElse(0);
  }
}
