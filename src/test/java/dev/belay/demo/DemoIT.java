package dev.belay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.scratch.ServerPlace;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a program of its own, ended in every way. */
class DemoIT {
  @TempDir Path folder;
  private Path temporary = Path.of("");

  @BeforeEach
  void makeAFolderForTemporaryFiles() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary files"));
  }

  @Test
  void playsTheWholeStoryAndLeavesNothingBehind() throws IOException {
    Instant begin = Instant.now();
    // As on a terminal, where plan and progress stand among the answers.
    Cli.Result result = program().run(List.of("sh", "-c", "exec belay demo 2>&1"));

    assertThat(result.status()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .containsSubsequence(
            "== A throw-away PostgreSQL",
            "medications.prescription  30,000",
            "\n$ belay list-migrations\n",
            "\n$ belay create-backup --level restored --description 'before release 4'\n",
            "  proven     restored",
            "gone: secondary diagnoses of 15,000 prescriptions",
            "gone: 6,000 rows of medications.prescription",
            "gone: 9,000 rows of medications.dispensing",
            "\n$ belay verify-state\n",
            "ok    last-backup ",
            "\n$ belay list-backups\n",
            "\n$ belay backup-restore latest --yes\n",
            "clinic@localhost:",
            "105,859 rows in 8 tables, equal to the manifest",
            "medications.prescription  30,000",
            "\n$ belay reconcile-data latest --from replaced --yes\n",
            "medications.prescription: 38 rows added, 0 changed, 6,000 removed; come back: add 38 rows",
            "83 rows added, 0 changed, 0 removed",
            "  [ ]  V4__remove_prescription_secondary_diagnoses  pending",
            "\n$ belay list-replaced\n",
            "\nclinic_replaced_",
            "== Two weeks later",
            "\n$ belay migrate medications --yes\n",
            " - WARN -   undone: V4__storage\n",
            "(exit status 13)",
            "an email to on-call@clinic.example",
            "Every table is as it was, by checksum.",
            "\n$ env -i sh rollback_scripts/automated_rollback_trigger.sh\n",
            " was restored; ",
            "an email to on-call@clinic.example",
            "\n$ belay report latest\n",
            "== Everything is back");
    String first = result.out().substring(0, result.out().indexOf("== Two weeks later"));
    assertThat(result.out()).contains("written since, kept:    83 rows of 83");
    assertThat(first)
        .contains(" - INFO - restoring into clinic_belay_new_")
        .doesNotContain("(exit status", " - WARN - ", " - ERROR - ", "error:");
    assertThat(result.out().lines().map(DemoIT::withoutWhatVaries).toList())
        .as("the README shows what the demo prints")
        .containsSubsequence(shownInTheReadme());
    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofMinutes(2));
    assertThat(temporary).isEmptyDirectory();
    assertThat(processesOfTheDemo()).isEmpty();
    assertThat(folder.resolve("backups")).doesNotExist();
    assertThat(folder.resolve("belay.log")).doesNotExist();
  }

  @Test
  void keepsItsServerToPlayOnWithUntilItIsStopped() throws IOException {
    Cli.Result demo = program().run("demo", "--keep");
    assertThat(demo.status()).as(demo.out() + demo.err()).isZero();
    ProcessHandle server = server().orElseThrow();
    Path clinic = left().get(0).resolve("clinic");
    assertThat(demo.out())
        .containsPattern("play on:   cd " + link() + "/belay-demo-[0-9]+/clinic\n")
        .contains("stop it:   belay demo --stop");

    Program player = new Program(clinic);
    assertThat(player.run("validate-backup", "latest", "--level", "restored").status()).isZero();
    assertThat(player.run("undo-restore", "--yes").status()).isZero();
    assertThat(player.run("list-migrations", "medications").out())
        .contains("[✓]  V4__remove_prescription_secondary_diagnoses");
    assertThat(player.run("emergency-rollback", "--yes").status()).isZero();
    assertThat(player.run("list-migrations", "medications").out())
        .contains("[ ]  V4__remove_prescription_secondary_diagnoses");

    Cli.Result stop = program().run("demo", "--stop");

    assertThat(stop.out()).isEqualTo("stopped 1 server\n");
    assertThat(ServerPlace.ends(server)).isTrue();
    assertThat(left()).isEmpty();
    assertThat(processesOfTheDemo()).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenItIsInterrupted() throws IOException {
    Program.Running demo = program().start("demo");
    ProcessHandle server = server(demo);

    demo.process().destroy();
    Cli.Result result = demo.result();

    assertThat(result.status()).isEqualTo(143);
    assertThat(ServerPlace.ends(server)).isTrue();
    assertThat(left()).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenItIsInterruptedWhileTheServerIsMade() throws IOException {
    Program.Running demo = program().start("demo");
    await(
        demo,
        () ->
            left().stream()
                .map(ServerPlace::new)
                .filter(place -> Files.exists(place.server()))
                .findAny());

    demo.process().destroy();

    assertThat(demo.result().status()).isEqualTo(143);
    assertThat(left()).isEmpty();
  }

  @Test
  void sweepsWhatAKilledOneLeft() throws IOException {
    Program.Running killed = program().start("demo");
    ProcessHandle server = server(killed);
    killed.process().destroyForcibly();
    killed.result();
    assertThat(left()).hasSize(1);
    assertThat(server.isAlive()).isTrue();

    Cli.Result result = program().run("demo", "--stop");

    assertThat(result.out()).isEqualTo("stopped 1 server\n");
    assertThat(ServerPlace.ends(server)).isTrue();
    assertThat(left()).isEmpty();
  }

  @Test
  void doesNotSweepOneThatRuns() throws IOException {
    Program.Running running = program().start("demo");
    ProcessHandle server = server(running);

    Cli.Result result = program().run("demo", "--stop");

    assertThat(result.out()).isEqualTo("stopped 0 servers\n");
    assertThat(server.isAlive()).isTrue();
    running.process().destroy();
    running.result();
  }

  /** The lines of its blocks marked {@code belay:demo}, in order. */
  private static List<String> shownInTheReadme() throws IOException {
    Matcher block =
        Pattern.compile("<!-- belay:demo -->\\s*```text\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("README.md")));
    List<String> lines = new ArrayList<>();
    while (block.find()) {
      block.group(1).lines().map(DemoIT::withoutWhatVaries).forEach(lines::add);
    }
    assertThat(lines).hasSizeGreaterThan(20);
    return lines;
  }

  private static String withoutWhatVaries(String line) {
    return line.replaceAll("[0-9]{8}_[0-9]{6}", "<stamp>")
        .replaceAll("[0-9-]{10} [0-9:]{8}", "<moment>")
        .replaceAll("localhost:[0-9]+", "<address>")
        .replaceAll("[0-9.]+ (ms|s)\\b", "<time>")
        .replaceAll("of [0-9.]+ MB", "of <size>")
        .replaceAll(" {2,}", "  ");
  }

  /** Known by the folder in their command line. */
  private List<String> processesOfTheDemo() {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .filter(line -> line.contains(link() + "/belay-demo-"))
        .toList();
  }

  private Program program() {
    return new Program(folder)
        .with("BELAY_JAVA_OPTS", Program.FAST + " -Djava.io.tmpdir=" + link());
  }

  /** Options of the JVM are separated by spaces, so the folder needs a name without. */
  private Path link() {
    Path link = folder.resolve("t");
    if (!Files.exists(link)) {
      try {
        Files.createSymbolicLink(link, temporary);
      } catch (IOException cannot) {
        throw new java.io.UncheckedIOException(cannot);
      }
    }
    return link;
  }

  private List<Path> left() {
    try (Stream<Path> all = Files.list(temporary)) {
      return all.filter(file -> file.getFileName().toString().startsWith("belay-demo-")).toList();
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }

  /** Waits until the demo's server has written its process id. */
  private ProcessHandle server(Program.Running demo) {
    return await(demo, this::server);
  }

  private Optional<ProcessHandle> server() {
    return left().stream()
        .map(place -> place.resolve("data/postmaster.pid"))
        .filter(Files::exists)
        .flatMap(file -> lines(file).limit(1))
        .filter(line -> line.matches("[0-9]+"))
        .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
        .findAny();
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException goneAgain) {
      return Stream.empty();
    }
  }

  private static <T> T await(
      Program.Running demo, java.util.function.Supplier<Optional<T>> condition) {
    Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
    while (Instant.now().isBefore(deadline)) {
      Optional<T> met = condition.get();
      if (met.isPresent()) {
        return met.get();
      }
      assertThat(demo.process().isAlive()).as("the demo runs").isTrue();
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    throw new AssertionError("the demo does not start its server");
  }
}
