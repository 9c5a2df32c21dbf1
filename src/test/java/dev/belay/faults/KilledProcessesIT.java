package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.postgres.Database;
import dev.belay.support.Await;
import dev.belay.support.Children;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.Programs;
import dev.belay.support.Proxy;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Signals to Belay and to its children while a real pg_dump or pg_restore is in the middle of its
 * work: a proxy that stalls holds the dump, a function that an index needs holds the restore.
 */
class KilledProcessesIT {
  /** More than what a dump reads of the catalogue, less than the rows. */
  private static final long IN_THE_ROWS = 1_500_000;

  @TempDir Path folder;
  private Ground ground;
  private Proxy proxy;
  private Path pids;

  @BeforeEach
  void make() {
    ground = Ground.of(folder, TestServer.fresh("signalled"));
    ground.sql(
        "create table public.wide as select n, repeat(md5(n::text), 50) as text"
            + " from generate_series(1, 3000) n");
    proxy = Proxy.before(ground.live);
    pids = folder.resolve("pids");
  }

  @AfterEach
  void drop() {
    proxy.close();
    ground.drop();
  }

  /** The dump stops in the middle of the rows; only the dump's own sessions go through here. */
  private Program.Running heldDump(String... more) throws InterruptedException {
    proxy.stallAfter(IN_THE_ROWS);
    Path tools =
        ground.tools(
            """
            [ $name = pg_dump ] && export PGHOST=127.0.0.1 PGPORT=%d
            echo $$ >'%s'
            """
                .formatted(proxy.port(), pids));
    List<String> command = new ArrayList<>(List.of("setsid", Program.LAUNCHER.toString()));
    command.addAll(List.of("create-backup", "--level", "listed"));
    command.addAll(List.of(more));
    Program.Running running = ground.with(tools).start(command);
    proxy.awaitStrike();
    return running;
  }

  private static void signal(String signal, long pid) {
    Programs.run("kill", "-" + signal, "--", String.valueOf(pid));
  }

  private long child() {
    return Long.parseLong(Children.awaitFile(pids).get(0).strip());
  }

  // A2, A3: SIGTERM to the program; SIGINT to the whole group, as Ctrl-C does
  @ParameterizedTest
  @CsvSource({"TERM, 143, 1", "INT, 130, -1"})
  void aDumpThatIsInterruptedLeavesNothing(String signal, int status, int sign) throws Exception {
    Program.Running running = heldDump();

    signal(signal, sign * running.process().pid());

    Cli.Result result = Ground.ended(status, running);
    assertThat(result.err()).contains("error: ended by a signal", "state: ", "hint: ");
    assertThat(result.out()).isEmpty();
    Children.assertGone(pids);
    assertThat(ground.backups()).isEmpty();
    ground.assertNothingLeft();
    ground.assertOrders(Ground.ORDERS);
  }

  // A1
  @Test
  void whatADumpThatWasKilledWithoutMercyLeftIsEndedByTheNextRun() throws Exception {
    Program.Running running = heldDump();
    signal("KILL", running.process().pid());
    Ground.ended(137, running);
    TestServer.awaitEndOfRuns();
    assertThat(ground.sessionsOfRuns()).anyMatch(name -> name.endsWith(":pg_dump"));
    assertThat(ground.partial()).hasSize(1);

    Cli.Result next = ground.expect(0, "create-backup", "--level", "listed");

    assertThat(next.err())
        .contains("the unfinished backup of ", "was removed")
        .contains(":pg_dump) of a dead run: ended");
    proxy.pass();
    Children.assertGone(pids);
    ground.assertNothingLeft();
    assertThat(ground.backups()).hasSize(1);
  }

  // A4, A5: with its workers
  @ParameterizedTest
  @CsvSource({"1", "2"})
  void aDumpThatDiesIsNoBackup(String jobs) throws Exception {
    Program.Running running = heldDump("--jobs", jobs);
    List<ProcessHandle> workers = ProcessHandle.of(child()).orElseThrow().descendants().toList();

    signal("KILL", child());

    Cli.Result result = Ground.ended(13, running);
    assertThat(result.err())
        .contains("pg_dump was ended by signal 9 (SIGKILL)")
        .contains("state: the database was not changed");
    Children.assertGone(pids);
    workers.forEach(worker -> Children.assertGone(worker.pid()));
    assertThat(workers.isEmpty()).isEqualTo(jobs.equals("1"));
    assertThat(ground.backups()).isEmpty();
    ground.assertNothingLeft();
  }

  // A6
  @Test
  void aDumpThatSomebodyEndsIsNoBackup() throws Exception {
    Program.Running running = heldDump();

    signal("TERM", child());
    proxy.pass();

    Cli.Result result = Ground.ended(13, running);
    assertThat(result.err()).contains("error: the dump of ", "terminated by user");
    assertThat(ground.backups()).isEmpty();
    ground.assertNothingLeft();
  }

  // A14
  @Test
  void aDumpThatMakesNoProgressIsEnded() throws Exception {
    Program.Running running = heldDump("--stall-timeout", "5s");
    signal("STOP", child());

    Cli.Result result = Ground.ended(13, running);

    assertThat(result.err()).contains("pg_dump made no progress for 5.0 s and was ended");
    assertLogIsThere(result);
    Children.assertGone(pids);
    assertThat(ground.backups()).isEmpty();
    ground.assertNothingLeft();
  }

  /** A hint that names a file is worth nothing when the file is gone. */
  private static void assertLogIsThere(Cli.Result result) {
    Matcher path = Pattern.compile("'?(/[^' ]+\\.log)").matcher(result.err());
    assertThat(path.find()).as(result.err()).isTrue();
    assertThat(Path.of(path.group(1))).isNotEmptyFile();
  }

  /** In any other database than the live one the function does this. */
  private void elsewhere(String action) {
    try (Database session = ground.open()) {
      String live = session.text("select pg_catalog.quote_literal(current_database())");
      session.execute(
          "create function public.hold(n integer) returns integer language plpgsql immutable as $$"
              + " begin if current_database() <> "
              + live
              + " then "
              + action
              + "; end if; return n; end $$");
      session.execute("create index held on public.orders (public.hold(id))");
    }
  }

  private Program.Running heldRestore(String... arguments) {
    elsewhere("perform pg_catalog.pg_sleep(600)");
    ground.expect(0, "create-backup", "--level", "checksummed");
    Path tools = ground.tools("echo $$ >'%s'".formatted(pids));
    List<String> command = new ArrayList<>(List.of("setsid", Program.LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    Program.Running running = ground.with(tools).start(command);
    Await.until(
        "the restore sleeps",
        () -> {
          try (Database session = ground.maintenance()) {
            return session.test(
                "select exists (select from pg_catalog.pg_stat_activity"
                    + " where wait_event = 'PgSleep' and application_name like 'belay:%')");
          }
        });
    return running;
  }

  // A2, A3, A9
  @ParameterizedTest
  @CsvSource({"TERM, 143, 1", "INT, 130, -1"})
  void aRestoreThatIsInterruptedLeavesTheLiveDatabaseAsItWas(String signal, int status, int sign)
      throws IOException {
    Program.Running running = heldRestore("backup-restore", "latest", "--yes");

    signal(signal, sign * running.process().pid());

    Cli.Result result = Ground.ended(status, running);
    assertThat(result.err()).contains("error: ended by a signal");
    Children.assertGone(pids);
    ground.assertNothingLeft();
    ground.assertOrders(Ground.ORDERS);
    assertThat(ground.backups()).hasSize(1);
    // It came to its end by itself: there is nothing for the next run to put right.
    assertThat(ground.expect(0, "create-backup", "--level", "checksummed").err())
        .doesNotContain("dead run");
  }

  // A9
  @Test
  void aProofThatWasKilledWithoutMercyIsSweptByTheNextRun() {
    Program.Running running = heldRestore("validate-backup", "--level", "restored");
    signal("KILL", running.process().pid());
    Ground.ended(137, running);
    assertThat(ground.databasesOfRuns()).hasSize(1);
    TestServer.awaitEndOfRuns();

    Cli.Result next = ground.expect(0, "create-backup", "--level", "checksummed");

    assertThat(next.err()).contains("of a dead run: ended", "of a dead run: dropped");
    Children.assertGone(pids);
    ground.assertNothingLeft();
    ground.assertOrders(Ground.ORDERS);
  }

  // A9: not Belay but pg_restore dies
  @Test
  void aPgRestoreThatDiesFailsTheRestoreAndNothingElse() {
    Program.Running running = heldRestore("backup-restore", "latest", "--yes");

    signal("KILL", child());

    Cli.Result result = Ground.ended(13, running);
    assertThat(result.err()).contains("SIGKILL", "state: the database was not changed");
    Children.assertGone(pids);
    ground.assertNothingLeft();
    ground.assertOrders(Ground.ORDERS);
  }

  // A15, B3: the server's own words, in the middle of a real restore
  @ParameterizedTest
  @CsvSource({
    "perform pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()),"
        + " the server ended the session",
    "raise 'could not extend file \"base/1/2\": No space left on device' using errcode = '53100',"
        + " a disk is full"
  })
  void aServerThatFailsInARestoreIsNoFaultOfTheBackup(String action, String said) {
    elsewhere(action);
    ground.expect(0, "create-backup", "--level", "checksummed");

    Cli.Result proof = ground.expect(12, "validate-backup", "--level", "restored");
    assertThat(proof.out()).contains("not checked: ", said).doesNotContain("BAD");
    ground.assertNothingLeft();

    Cli.Result restore = ground.expect(13, "backup-restore", "latest", "--yes");
    assertThat(restore.err()).contains(said, "state: the database was not changed");
    ground.assertNothingLeft();
    ground.assertOrders(Ground.ORDERS);
  }

  // A13
  @Test
  void theMemoryOfBelayDoesNotGrowWithTheTables() throws IOException {
    ground.sql(
        "create table public.long as select n, md5(n::text) as text"
            + " from generate_series(1, 600000) n");
    Program small = ground.program().with("JAVA_TOOL_OPTIONS", "-Xmx48m");

    Ground.expect(0, small, "create-backup", "--level", "restored");
    Ground.expect(0, small, "backup-restore", "latest", "--yes");

    assertThat(ground.number("select count(*) from public.long")).isEqualTo(600_000);
    assertThat(Files.readString(folder.resolve("belay.log"))).doesNotContain("OutOfMemory");
  }
}
