package dev.belay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.scratch.ServerPlace;
import dev.belay.support.Await;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a program of its own, ended in every way. */
class DemoIT {
  private static final String RESTORING = " - INFO - restoring into clinic_belay_new_";
  private static final String HANGS = "psql hangs";
  private static final String FROM_NOW_ON = "== Two weeks later";

  @TempDir Path folder;

  @Test
  void playsTheWholeStoryAndKeepsItsServerUntilItIsStopped() throws IOException {
    Stand stand = stand("whole");
    Path page = stand.folder().resolve("night.html");

    Cli.Result result = merged(stand.program(), "demo --keep --report night.html").result();

    assertThat(result.status()).as(result.out()).isZero();
    assertTheFirstIncident(result.out());
    assertTheNight(result.out());
    assertThat(result.out())
        .contains("\nwritten since, kept:    83 rows of 83\n", "\nthe migration, a page:  " + page)
        .containsPattern("play on:   cd " + stand.link() + "/belay-demo-[0-9]+/clinic\n")
        .contains("stop it:   belay demo --stop");
    assertThat(result.out().lines().map(DemoIT::withoutWhatVaries).toList())
        .as("the README shows what the demo prints")
        .containsSubsequence(shownInTheReadme());
    assertThat(Files.readString(page))
        .contains("belay migrate on clinic@localhost:", "undoing V4__storage", "on-call");
    assertThat(stand.folder().resolve("backups")).doesNotExist();
    assertThat(stand.folder().resolve("belay.log")).doesNotExist();

    playOn(stand);
    Cli.Result stop = stand.program().run("demo", "--stop");

    assertThat(stop.out()).isEqualTo("stopped 1 server\n");
    stand.assertNothingLeft();
  }

  private static void assertTheFirstIncident(String out) {
    assertThat(out)
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
            RESTORING,
            "clinic@localhost:",
            "105,859 rows in 8 tables, equal to the manifest",
            "medications.prescription  30,000",
            "\n$ belay reconcile-data latest --from replaced --yes\n",
            "medications.prescription: 38 rows added, 0 changed, 6,000 removed; come back: add 38 rows",
            "83 rows added, 0 changed, 0 removed",
            "  [ ]  V4__remove_prescription_secondary_diagnoses  pending",
            "\n$ belay list-replaced\n",
            "\nclinic_replaced_",
            FROM_NOW_ON);
    assertThat(out.substring(0, out.indexOf(FROM_NOW_ON)))
        .doesNotContain("(exit status", " - WARN - ", " - ERROR - ", "error:");
  }

  private static void assertTheNight(String out) {
    assertThat(out.substring(out.indexOf(FROM_NOW_ON)))
        .containsSubsequence(
            "\n$ belay migrate medications --yes\n",
            " - WARN -   undone: V4__storage\n",
            "(exit status 13)",
            "\nWhat people got meanwhile:\n",
            " meanwhile, all of them there; it was refused ",
            "Every other table is as it was, by checksum.\n",
            "\n$ env -i TMPDIR=\"$PWD\" sh rollback_scripts/automated_rollback_trigger.sh\n",
            " - INFO - running psql ",
            "DELETE 9000\n",
            " was restored; what was written since it was made is only in clinic_replaced_",
            "(exit status 3)",
            "\nWhat people got meanwhile:\n",
            " of them are not here:\n",
            "\n$ belay reconcile-data latest --from replaced --yes\n",
            "users.sign_in: 0 rows added, 0 changed, 9,000 removed; none comes back",
            " are all there again.\n",
            "Every other table is as it was, by checksum.\n",
            "\n$ belay report ",
            "== Everything is back");
    // For the migration and for the script.
    assertThat(out.split("\nan email to on-call@clinic.example\n", -1)).hasSize(3);
    assertThat(out.split("\na webhook: POST /hooks/database\n", -1)).hasSize(3);
    assertThat(out).doesNotContain("NOTHING", "NOT all", "NOT everything");
  }

  /** Swaps the night's damage in again, and goes back once more. */
  private static void playOn(Stand stand) throws IOException {
    Path clinic = stand.left().get(0).resolve("clinic");
    Program player = new Program(clinic);
    assertThat(player.run("undo-restore", "--yes").status()).isZero();
    assertThat(signIns(clinic)).isEqualTo(9_000);
    Cli.Result back = player.run("emergency-rollback", "--yes");
    assertThat(back.status()).as(back.err()).isZero();
    assertThat(back.err()).doesNotContain("told ");
    assertThat(signIns(clinic)).isEqualTo(18_000);
  }

  private static long signIns(Path clinic) throws IOException {
    Matcher port =
        Pattern.compile("localhost:([0-9]+)/clinic")
            .matcher(Files.readString(clinic.resolve("belay.yaml")));
    assertThat(port.find()).isTrue();
    Target target =
        new Target(
            "localhost",
            Integer.parseInt(port.group(1)),
            "clinic",
            "postgres",
            Optional.empty(),
            Tls.PREFER,
            10);
    try (Database database = new JdbcDatabases("player").open(target)) {
      return database.number("select count(*) from users.sign_in");
    }
  }

  @Test
  void leavesNothingBehindWhenItIsInterruptedOnItsWayBack() throws IOException {
    Stand day = stand("day");
    Stand night = stand("night");
    Program.Running restoring = merged(day.program(), "demo");
    Program.Running tidying = merged(night.program().with("PATH", pathWith(HANGS)), "demo");

    day.awaitServer(restoring);
    assertThat(day.program().run("demo", "--stop").out()).isEqualTo("stopped 0 servers\n");
    awaitLine(restoring, RESTORING);
    // As Ctrl-C does: to all that are in the foreground.
    assertEnds(day, restoring, "INT", -restoring.process().pid(), 130);

    awaitLine(tidying, HANGS);
    // It says that it hangs a moment before it does.
    Await.until(
        "the trigger's shell, its belay, and what that runs",
        () ->
            Stream.of("automated_rollback_trigger.sh", " guard --yes ", "sleep 6000")
                .allMatch(part -> runs(tidying, part)),
        tidying.process());
    assertEnds(night, tidying, "TERM", tidying.process().pid(), 143);
  }

  private static boolean runs(Program.Running demo, String part) {
    return demo.process()
        .descendants()
        .flatMap(process -> process.info().commandLine().stream())
        .anyMatch(line -> line.contains(part));
  }

  /** Where psql says that and hangs. */
  private String pathWith(String words) throws IOException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path psql =
        Files.writeString(
            bin.resolve("psql"), "#!/bin/sh\necho '%s'\nsleep 6000\n".formatted(words));
    assertThat(psql.toFile().setExecutable(true)).isTrue();
    return bin + ":" + Program.LAUNCHER.getParent() + ":" + System.getenv("PATH");
  }

  private static void assertEnds(
      Stand stand, Program.Running demo, String signal, long whom, int status) {
    ProcessHandle server = stand.server().orElseThrow();
    List<ProcessHandle> children = demo.process().descendants().toList();

    Programs.run("kill", "-" + signal, "--", String.valueOf(whom));

    Cli.Result result = demo.result();
    assertThat(result.status()).as(result.out()).isEqualTo(status);
    assertThat(result.out())
        .contains("error: ended by a signal\n")
        .doesNotContain("the demo ends here", "== Everything is back");
    assertThat(children).allMatch(ServerPlace::ends);
    assertThat(ServerPlace.ends(server)).isTrue();
    stand.assertNothingLeft();
  }

  @Test
  void leavesNothingBehindWhenItIsInterruptedWhileTheServerIsMade() throws IOException {
    Stand unpacked = stand("unpacked");
    Program.Running unpacking = unpacked.program().start("demo");
    await(
        unpacking,
        "the server's programs are unpacked",
        () ->
            unpacked.left().stream()
                .map(ServerPlace::new)
                .filter(place -> Files.exists(place.server()))
                .findAny());
    unpacking.process().destroy();
    assertThat(unpacking.result().status()).isEqualTo(143);
    unpacked.assertNothingLeft();

    Stand started = stand("started");
    Program.Running starting = started.program().start("demo");
    ProcessHandle server = started.awaitServer(starting);
    starting.process().destroy();
    assertThat(starting.result().status()).isEqualTo(143);
    assertThat(ServerPlace.ends(server)).isTrue();
    started.assertNothingLeft();
  }

  @Test
  void sweepsWhatAKilledOneLeft() throws IOException {
    Stand stand = stand("killed");
    Program.Running killed = stand.program().start("demo");
    ProcessHandle server = stand.awaitServer(killed);
    killed.process().destroyForcibly();
    killed.result();
    assertThat(stand.left()).hasSize(1);
    assertThat(server.isAlive()).isTrue();

    Cli.Result result = stand.program().run("demo", "--stop");

    assertThat(result.out()).isEqualTo("stopped 1 server\n");
    assertThat(ServerPlace.ends(server)).isTrue();
    assertThat(stand.left()).isEmpty();
    stand.assertNoProcess();
  }

  @Test
  void refusesAPageThatIsThereBeforeAnythingBegins() throws IOException {
    Stand stand = stand("taken");
    Path page = Files.writeString(stand.folder().resolve("night.html"), "mine");

    Cli.Result result = stand.program().run("demo", "--report", "night.html");

    assertThat(result.status()).isEqualTo(11);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(page + " is there already, and nothing is overwritten");
    assertThat(page).hasContent("mine");
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

  /** As on a terminal, where plan and progress stand among the answers; in a group of its own. */
  private static Program.Running merged(Program program, String arguments) {
    return program.start(List.of("setsid", "sh", "-c", "exec belay " + arguments + " 2>&1"));
  }

  private Stand stand(String name) throws IOException {
    Path own = Files.createDirectory(folder.resolve(name)).toRealPath();
    // Options of the JVM are separated by spaces, so the folder needs a name without.
    Path temporary = Files.createDirectory(own.resolve("temporary files"));
    return new Stand(own, temporary, Files.createSymbolicLink(own.resolve("t"), temporary));
  }

  /**
   * Where one demo is started, and what it leaves.
   *
   * @param temporary its folder for temporary files
   * @param link to that
   */
  private record Stand(Path folder, Path temporary, Path link) {
    Program program() {
      return new Program(folder)
          .with("BELAY_JAVA_OPTS", Program.FAST + " -Djava.io.tmpdir=" + link);
    }

    List<Path> left() {
      try (Stream<Path> all = Files.list(temporary)) {
        return all.filter(file -> file.getFileName().toString().startsWith("belay-demo-")).toList();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    void assertNothingLeft() {
      assertThat(temporary).isEmptyDirectory();
      assertNoProcess();
    }

    /** They are known by the folder in their command line. */
    void assertNoProcess() {
      assertThat(ProcessHandle.allProcesses())
          .flatMap(process -> process.info().commandLine().stream().toList())
          .noneMatch(line -> line.contains(link + "/belay-demo-"));
    }

    /** Waits until the server has written its process id. */
    ProcessHandle awaitServer(Program.Running demo) {
      return DemoIT.await(demo, "the server's process id", this::server);
    }

    Optional<ProcessHandle> server() {
      return left().stream()
          .map(place -> place.resolve("data/postmaster.pid"))
          .filter(Files::exists)
          .flatMap(file -> lines(file).limit(1))
          .filter(line -> line.matches("[0-9]+"))
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
          .findAny();
    }
  }

  private static void awaitLine(Program.Running demo, String part) {
    String ignored =
        await(demo, part, () -> lines(demo.out()).filter(line -> line.contains(part)).findAny());
    assertThat(ignored).contains(part);
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException goneOrHalf) {
      return Stream.empty();
    }
  }

  /** A whole demo lies before some of its lines. */
  private static <T> T await(Program.Running demo, String what, Supplier<Optional<T>> look) {
    return Await.first(Duration.ofMinutes(5), what, look, demo.process());
  }
}
