package dev.belay.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.config.AppSettings;
import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class CheckDependenciesIT {
  private static final String HOSTILE = "a \"b\"; drop table x; --";

  @TempDir Path folder;
  private Target live;
  private Cli cli;

  @BeforeEach
  void open() throws IOException {
    live = TestServer.fresh("dependencies");
    cli = new Cli(folder).on(live).with("BELAY_SCRATCH_KEEP", "0");
    write("V1__patients.sql", "create table patients (id int primary key, name text, old text);");
    write("V2__visits.sql", "create table visits (id int, patient int references patients);");
    write("V3__phone.sql", "alter table patients add phone text;");
    write("V4__names.sql", "create view names as select name from patients;");
    write("V5__drop_old.sql", "alter table patients drop column old;");
    write(
        "V6__call.sql",
        "create function call() returns int language plpgsql as "
            + "'begin return (select count(*) from visits); end';");
    write("V7__calls.sql", "create table calls as select call() as n;");
    write("V8__hostile.sql", "create table \"a \"\"b\"\"; drop table x; --\" (id int);");
  }

  @AfterEach
  void drop() {
    TestServer.drop(live);
  }

  private void write(String name, String sql) throws IOException {
    Path file = folder.resolve("db/migration").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, sql);
  }

  private void migrate() {
    AppSettings app =
        new AppSettings(
            "default",
            List.of("public"),
            List.of(),
            List.of("filesystem:" + folder.resolve("db/migration")),
            List.of(),
            "public",
            "flyway_schema_history",
            Map.of(),
            Map.of());
    RealFlyway.of(live, app, true).migrate();
  }

  @Test
  void whatNothingNeedsCanGoAlone() {
    migrate();
    Cli.Result result = cli.expect(0, "check-dependencies", "V3");
    assertThat(result.out())
        .contains("V3__phone of app default", "success", "is needed by nothing")
        .contains("V3__phone can be undone alone: nothing that is applied needs it");
  }

  @Test
  void whatOthersNeedNamesThemInTheOrderOfTheirUndo() {
    migrate();
    Cli.Result result = cli.expect(10, "check-dependencies", "default", "V1__patients.sql");
    assertThat(result.out())
        .contains("V2__visits (success)", "references: public.patients")
        .contains(
            "V1__patients needs these to be undone first, in this order:"
                + " V7__calls, V5__drop_old, V4__names, V3__phone, V2__visits");
  }

  /** Nothing in the catalogue says what the body of a function uses. */
  @Test
  void aFunctionThatIsCalledIsFoundByReplayingWithout() {
    migrate();
    assertThat(cli.expect(10, "check-dependencies", "6").out())
        .contains("V7__calls (success)", "proven: V7__calls.sql, line 1: function call()");
    assertThat(cli.expect(10, "check-dependencies", "2").out()).contains("V7__calls");
  }

  @Test
  void whatIsNotAppliedSaysWhatMustComeFirst() {
    Cli.Result result = cli.expect(10, "check-dependencies", "V4");
    assertThat(result.out())
        .contains("V4__names of app default", ": pending")
        .contains("it needs these first, in this order: V1__patients");
    assertThat(cli.expect(0, "check-dependencies", "V1").out())
        .contains("V1__patients is not applied; everything that it needs is");
  }

  @Test
  void whatIsDeclaredCountsAndACircleIsNamedWhole() throws IOException {
    write("V3__phone.sql", "-- belay:requires V2\nalter table patients add phone text;");
    migrate();
    assertThat(cli.expect(10, "check-dependencies", "V2").out())
        .contains("V3__phone (success)", "declared: ", "V3__phone.sql:1");
    write("V2__visits.sql", "-- belay:requires V3\ncreate table visits (id int);");
    Cli.Result circle = cli.expect(10, "check-dependencies", "V1");
    assertThat(circle.err()).contains("V2 -> V3 -> V2", "V2__visits.sql:1", "V3__phone.sql:1");
  }

  @Test
  void namesFromTheDatabaseBreakNeitherTextNorJsonNorDrawing() {
    migrate();
    assertThat(cli.expect(0, "check-dependencies", "V8", "--format", "dot").out())
        .startsWith("digraph migrations {")
        .contains("\"V8__hostile\"")
        .endsWith("}\n");
    assertThat(cli.expect(0, "check-dependencies", "V8", "--output", "json").out())
        .contains("\"verdict\": \"can-go-alone\"");
    try (Database session = new JdbcDatabases("belay-test").open(live)) {
      assertThat(session.number("select count(*) from pg_class where relname = ?", HOSTILE))
          .isEqualTo(1);
    }
  }

  @Test
  void wrongNamesAreToldWithThoseThatComeNear() {
    assertThat(cli.expect(2, "check-dependencies", "V99").err())
        .contains("there is no migration 'V99'", "list-migrations");
    assertThat(cli.expect(2, "check-dependencies", "nobody", "V1").err())
        .contains("there is no app 'nobody'");
    assertThat(cli.expect(2, "check-dependencies", "default", "V1", "V2").err()).contains("V2");
    assertThat(cli.expect(2, "check-dependencies").err()).contains("<migration>");
  }

  @Test
  void brokenSqlNamesFileLineAndStatement() throws IOException {
    write("V5__drop_old.sql", "select 1;\nalter table patients drop colum old;");
    Cli.Result result = cli.expect(13, "check-dependencies", "V1");
    assertThat(result.err())
        .contains("V5__drop_old.sql, line 2: syntax error", "alter table patients drop colum old")
        .contains("state: the database was not changed");
  }

  @Test
  void aSecretPlaceholderIsNeitherShownNorLogged() throws IOException {
    Path settings = folder.resolve("belay.yaml");
    Files.writeString(
        settings,
        """
        apps:
          default:
            placeholders:
              api_token: tops3cret
        """);
    Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-------"));
    write("V5__drop_old.sql", "insert into nowhere values ('${api_token}');");
    Cli.Result result = cli.expect(13, "check-dependencies", "V1");
    assertThat(result.err())
        .contains("V5__drop_old.sql, line 1", "****")
        .doesNotContain("tops3cret");
    assertThat(Files.readString(folder.resolve("belay.log")))
        .contains("V5__drop_old.sql")
        .doesNotContain("tops3cret");
  }

  /** That a try took too long says nothing of what a migration needs. */
  @Test
  void aTryThatTakesTooLongIsNoVerdict() throws IOException {
    write(
        "V9__waits.sql",
        "do $$ begin if to_regclass('calls') is null then perform pg_sleep(60); end if; end $$;");
    Cli.Result result = cli.expect(13, "check-dependencies", "V7", "--set", "scratch.timeout=5s");
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("V9__waits.sql did not end within 5.0 s");
  }

  @Test
  void aSecretPlaceholderIsNotShownWhereAStatementTakesTooLong() throws IOException {
    Path settings = folder.resolve("belay.yaml");
    Files.writeString(settings, "apps: {default: {placeholders: {api_token: tops3cret}}}\n");
    Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-------"));
    write("V9__waits.sql", "select pg_sleep(60), '${api_token}';");
    Cli.Result result = cli.expect(13, "check-dependencies", "V1", "--set", "scratch.timeout=2s");
    assertThat(result.err()).contains("it runs: select pg_sleep(60), '****'");
    assertThat(Files.readString(folder.resolve("belay.log"))).doesNotContain("tops3cret");
  }
}
