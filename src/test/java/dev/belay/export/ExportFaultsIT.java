package dev.belay.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.app.Main;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.Cli;
import dev.belay.support.PgVariables;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exports with little memory, on full disks, and killed on the way. */
@Timeout(240)
class ExportFaultsIT {
  private final Path here;
  private Target target = TestServer.admin();

  ExportFaultsIT(@TempDir Path here) {
    this.here = here;
  }

  @BeforeEach
  void create() {
    target = TestServer.fresh("faults");
    sql(
        "create table public.orders (id integer primary key, note text)",
        "insert into public.orders select n, 'note ' || n from generate_series(1, 1000) n");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private void sql(String... statements) {
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      for (String statement : statements) {
        session.execute(statement);
      }
    }
  }

  private Map<String, String> environment() {
    Map<String, String> environment = PgVariables.of(target);
    environment.put("JAVA_TOOL_OPTIONS", "-Xmx128m");
    return environment;
  }

  private static boolean somebodyWaits(Database session) {
    return session.test(
        "select exists (select from pg_locks where not granted and relation ="
            + " 'public.orders'::regclass)");
  }

  private List<String> left(Path folder) {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  @Test
  void valuesOfTenMegabytesAndManyRowsNeedLittleMemory() {
    sql(
        "create table public.big (id integer primary key, b bytea, t text)",
        "alter table public.big alter b set storage external, alter t set storage external",
        "insert into public.big select n, decode(repeat(md5(n::text), 625000), 'hex'),"
            + " repeat(E'\\n\\001\"\\\\é', 1500000) from generate_series(1, 5) n",
        "create table public.many as select n as id, 'row ' || n as t from generate_series(1, 600000) n");

    ChildJvm.Result result =
        ChildJvm.run("", Main.class, here, environment(), "export-data", "--jobs", "2");

    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).contains("601,005 rows");
    sql("delete from public.big where id > 2", "update public.many set t = 'x' where id = 7");

    ChildJvm.Result back =
        ChildJvm.run(
            "",
            Main.class,
            here,
            environment(),
            "import-data",
            "latest",
            "--yes",
            "--policy",
            "overwrite");

    assertThat(back.status()).as(back.output()).isZero();
    assertThat(back.output()).contains("4 rows added, 0 changed, 0 removed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"export-snapshot", "export-written", "export-checksum"})
  void whatAKilledRunLeavesLooksNeverFinishedAndIsSweptByTheNext(String failPoint) {
    Path folder = here.resolve("data_exports");

    new Program(here).on(target).killedAt(failPoint, "export-data");

    assertThat(left(folder)).noneMatch(name -> name.endsWith(".json"));
    Cli.Result next = new Cli(here).on(target).expect(0, "export-data");
    assertThat(next.err()).contains("removed the unfinished export of a run that was killed");
    assertThat(left(folder)).noneMatch(name -> name.endsWith(".partial"));
    assertThat(left(folder).stream().filter(name -> name.endsWith(".json"))).hasSize(1);
  }

  @Test
  void aRunThatStillWritesIsNotSwept() throws IOException {
    Path folder = here.resolve("data_exports");
    try (Database lock = new JdbcDatabases("belay-test").open(target)) {
      Process waiting =
          lock.inTransaction(
              () -> {
                lock.execute("lock table public.orders in access exclusive mode");
                try {
                  Process process =
                      ChildJvm.start("", Main.class, here, environment(), "export-data");
                  // By then the file of the export is not only there, but locked too.
                  Await.until("the export waits for the lock", () -> somebodyWaits(lock), process);
                  assertThat(left(folder)).hasSize(1);
                  sql("create table public.other (id integer)");
                  new Cli(here).on(target).expect(0, "export-data", "-t", "other");
                  return process;
                } catch (IOException cannot) {
                  throw new UncheckedIOException(cannot);
                }
              });
      String said = new String(waiting.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(waiting.onExit().join().exitValue()).as(said).isZero();
    }
    assertThat(left(folder).stream().filter(name -> name.endsWith(".json"))).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "zstd"})
  void aDiskThatIsFullInTheMiddleLeavesNothing(String compression) throws IOException {
    sql(
        "create table public.noise as select n, (select string_agg(sha512((n * 100 + m)::text"
            + "::bytea), '') from generate_series(1, 80) m) as bytes from generate_series(1, 2400) n");
    Files.createDirectories(here.resolve("data_exports"));

    Cli.Result result =
        new Program(here)
            .on(target)
            .withMounts(
                "mount -t tmpfs -o size=8m,mode=0700 tmpfs data_exports || exit 99\n"
                    + "belay export-data --compress "
                    + compression
                    + "; echo \"status $?\"; echo \"left: $(ls -A data_exports | wc -l)\"");

    assertThat(result.out()).as(result.err()).contains("status 13\nleft: 0\n");
    assertThat(result.err())
        .contains("No space left on device", "state: the database was not changed", "df -h");
  }

  @Test
  void aTableThatIsTruncatedMeanwhileIsNotExportedHalf() {
    sql("create table public.zz as select n from generate_series(1, 10) n");
    try (Database lock = new JdbcDatabases("belay-test").open(target)) {
      Cli.Result[] result = new Cli.Result[1];
      Thread export =
          new Thread(() -> result[0] = new Cli(here).on(target).run("export-data", "--jobs", "1"));
      lock.inTransaction(
          () -> {
            lock.execute("lock table public.orders in access exclusive mode");
            export.start();
            Await.until("the export waits for the lock", () -> somebodyWaits(lock), export);
            sql("truncate public.zz");
            return export;
          });
      export.join();
      assertThat(result[0].status()).isEqualTo(13);
      assertThat(result[0].err()).contains("truncated, rewrote or dropped public.zz");
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    assertThat(left(here.resolve("data_exports"))).isEmpty();
  }
}
