package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Children;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every exit status of the packaged program, each with what it promises about the database. */
class ProgramIT {
  @TempDir static Path folder;
  private static Target live;

  @BeforeAll
  static void make() {
    live = TestServer.fresh("statuses");
    try (Database session = new JdbcDatabases("test").open(live)) {
      session.execute("create table public.orders as select generate_series(1, 10) as id");
    }
    expect(0, program(), "create-backup");
  }

  @AfterAll
  static void drop() {
    TestServer.drop(live);
  }

  private static Program program() {
    return new Program(folder).on(live);
  }

  private static Cli.Result expect(int status, Program program, String... arguments) {
    Cli.Result result = program.run(arguments);
    assertThat(result.status()).as(result.out() + result.err()).isEqualTo(status);
    return result;
  }

  private static void assertOrders(int expected) {
    try (Database session = new JdbcDatabases("test").open(live)) {
      assertThat(session.number("select count(*) from public.orders")).isEqualTo(expected);
    }
  }

  private static void assertThreeLines(Cli.Result result) {
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).containsPattern("(?m)^error: .*\\nstate: .*\\nhint: .*\\n");
  }

  @Test
  void exitsWith0WhenAllIsWell() {
    Cli.Result result = expect(0, program(), "validate-backup");
    assertThat(result.out()).contains("proven readable");
  }

  @Test
  void exitsWith1WhenTheJavaMachineDoesNotStart() {
    Cli.Result result = expect(1, program().with("BELAY_JAVA_OPTS", "-Xmx1k"), "create-backup");
    assertThat(result.out() + result.err()).contains("Too small maximum heap");
  }

  @Test
  void exitsWith2WhenTheCommandLineIsWrong() {
    assertThreeLines(expect(2, program(), "create-backup", "--no-such-option"));
  }

  @Test
  void exitsWith10WhenACheckFindsSomething() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("copy"));
    program().run(List.of("sh", "-c", "cp -r backups/. copy/"));
    try (Stream<Path> files = Files.walk(copy)) {
      Path toc =
          files
              .filter(file -> String.valueOf(file.getFileName()).equals("toc.dat"))
              .findFirst()
              .orElseThrow();
      Files.write(toc, new byte[] {0});
    }

    Cli.Result result =
        expect(10, program(), "validate-backup", "all", "--set", "folders.backups=copy");
    assertThat(result.out()).contains("BAD", "toc.dat");
  }

  @Test
  void exitsWith11WhenARuleStopsIt() {
    Cli.Result result = expect(11, program(), "backup-restore", "latest");
    assertThreeLines(result);
    assertThat(result.err()).contains("nobody is there to confirm", "--yes");
    assertOrders(10);
  }

  @Test
  void exitsWith12WhenTheServerIsNotThere() {
    Cli.Result result = expect(12, program().with("PGPORT", "1"), "backup-restore", "latest");
    assertThreeLines(result);
  }

  @Test
  void exitsWith13WhenAStepFailsAndNothingWasChanged() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String name : List.of("pg_dump", "pg_restore")) {
      Path tool = tools.resolve(name);
      Files.writeString(
          tool,
          "#!/bin/sh\n[ \"$1\" = --version ] && { echo '%s (PostgreSQL) 99.1'; exit; }\necho odd >&2; exit 7\n"
              .formatted(name));
      assertThat(tool.toFile().setExecutable(true)).isTrue();
    }

    Cli.Result result =
        expect(13, program().with("BELAY_POSTGRES_PROGRAMS", tools.toString()), "create-backup");
    assertThreeLines(result);
    assertThat(result.err()).contains("ended with 7: odd");
  }

  /** In place, pg_restore has committed when ANALYZE meets a function that fails for it alone. */
  @Test
  void exitsWith20WhenAStepFailsAfterTheChangeBegan() {
    Target other = TestServer.fresh("incomplete");
    try {
      try (Database session = new JdbcDatabases("test").open(other)) {
        session.execute("create table public.orders as select generate_series(1, 10) as id");
        session.execute(
            """
            create function public.odd(n integer) returns integer language plpgsql immutable as $$
            begin
              if current_setting('application_name') ~ '^belay:[0-9a-f]+$' then
                raise 'odd';
              end if;
              return n;
            end $$
            """);
        session.execute("create index odd on public.orders (public.odd(id))");
      }
      expect(0, program().on(other), "create-backup", "--level", "checksummed");

      Cli.Result result =
          expect(
              20,
              program().on(other),
              "backup-restore",
              "latest",
              "--strategy",
              "in-place",
              "--yes");

      assertThreeLines(result);
      assertThat(result.err()).contains("holds what pg_restore made of the backup");
    } finally {
      TestServer.drop(other);
    }
  }

  @Test
  void exitsWith143WhenItIsEnded() throws IOException {
    Path pids = folder.resolve("pids");
    Path tools = Files.createDirectories(folder.resolve("slow tools"));
    Path tool = tools.resolve("pg_dump");
    Files.writeString(
        tool,
        "#!/bin/sh\n[ \"$1\" = --version ] && { echo 'pg_dump (PostgreSQL) 99.1'; exit; }\necho $$ >'%s'; exec sleep 600\n"
            .formatted(pids));
    assertThat(tool.toFile().setExecutable(true)).isTrue();
    Program.Running running =
        program().with("BELAY_POSTGRES_PROGRAMS", tools.toString()).start("create-backup");
    Children.awaitFile(pids);

    running.process().destroy();

    Cli.Result result = running.result();
    assertThat(result.status()).isEqualTo(143);
    assertThreeLines(result);
    Children.assertGone(pids);
  }
}
