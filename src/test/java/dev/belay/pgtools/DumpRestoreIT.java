package dev.belay.pgtools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Secret;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.support.Programs;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class DumpRestoreIT {
  private static final String SUM =
      "select count(*) || ' ' || coalesce(sum(pg_catalog.hashtext(t::text)), 0) from ";

  private final Path folder;
  private final Rig rig;
  private final List<Target> made = new ArrayList<>();

  DumpRestoreIT(@TempDir Path folder) {
    this.folder = folder;
    this.rig = new Rig(folder);
  }

  @AfterEach
  void dropAll() {
    made.forEach(TestServer::drop);
  }

  private Target fresh(String hint) {
    Target target = TestServer.fresh(hint);
    made.add(target);
    return target;
  }

  private Target filled() {
    Target target = fresh("source");
    fill(target);
    return target;
  }

  private void fill(Target target) {
    rig.sql(
        target,
        "create table parent (id int primary key, name text)",
        "create table child (id int primary key, parent int references parent, note text)",
        "insert into parent select n, 'canary-' || n from generate_series(1, 2000) n",
        "insert into child select n, 1 + n % 2000, repeat('x', n % 90)"
            + " from generate_series(1, 5000) n");
  }

  private void assertSame(Target one, Target other, String... tables) {
    for (String table : tables) {
      String query = SUM + table + " t";
      assertThat(rig.text(other, query)).as(table).isEqualTo(rig.text(one, query));
    }
  }

  @Test
  void aDatabaseWithAHostileNameComesBackAsItWas() throws IOException {
    Target source = filled();
    DumpResult dump = rig.dump(source, "dump");
    Target target = fresh("target");
    RestoreResult restored =
        rig.restore(
            DumpArchive.folder(folder.resolve("dump")), target, RestoreRequest.Manner.NEW_DATABASE);
    assertSame(source, target, "parent", "child");
    assertThat(restored.leftOut()).isEmpty();
    assertThat(restored.ignored()).isEmpty();
    assertThat(dump.sha256()).isEmpty();
    assertThat(dump.compression()).hasToString("gzip:1");
    List<Path> files = Rig.files(folder.resolve("dump"));
    assertThat(dump.files()).isEqualTo(files.size()).isEqualTo(3);
    for (Path file : files) {
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(Files.getPosixFilePermissions(folder.resolve("dump")))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dbname=postgres",
        "postgresql://postgres@127.0.0.1:1/x",
        "-d foo",
        "--help",
        "a'b\\c",
        "two\nlines",
        "Upper \"quoted\"; drop table x",
        "Ünïcödé 日本",
        "sixty_three_bytes_is_the_longest_name_that_a_database_may_have_"
      })
  void everyNameOfADatabaseIsTakenAsItIs(String name) {
    Target source = TestServer.create(name);
    made.add(source);
    rig.sql(source, "create table t as select n from generate_series(1, 10) n");
    rig.dump(source, "dump");
    rig.sql(source, "drop table t");
    rig.restore(
        DumpArchive.folder(folder.resolve("dump")), source, RestoreRequest.Manner.NEW_DATABASE);
    assertThat(rig.text(source, "select count(*)::text from t")).isEqualTo("10");
  }

  @Test
  void anEncryptedDumpComesBackForEachOfItsRecipientsAndLeavesNothingPlainOnDisk()
      throws IOException {
    Rig.Keys one = Rig.keys(folder, "one.key");
    Rig.Keys two = Rig.keys(folder, "two.key");
    rig.recipients = Recipients.parse(List.of(one.publicKey(), two.publicKey()));
    Target source = filled();
    DumpResult dump = rig.dump(source, "dump.age");
    Path file = folder.resolve("dump.age");
    assertThat(dump.bytes()).isEqualTo(Files.size(file));
    assertThat(dump.sha256()).hasValueSatisfying(sum -> assertThat(sum).isEqualTo(sha256(file)));
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    for (Path written : Rig.files(folder)) {
      assertThat(new String(Files.readAllBytes(written), StandardCharsets.ISO_8859_1))
          .doesNotContain("canary-1");
    }
    for (Rig.Keys keys : List.of(one, two)) {
      Target target = fresh("target");
      DumpArchive archive = DumpArchive.encrypted(file, keys.identity());
      rig.restore(archive, target, RestoreRequest.Manner.NEW_DATABASE);
      assertSame(source, target, "parent", "child");
      new PgRestore(rig.databases)
          .readable(archive, rig.tools.readerFor(15), rig.log, 2, Rig.PATIENCE);
      assertThat(contents(archive).missing(tables())).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip:9", "zstd:19"})
  void anEncryptedDumpTakesEveryCodecOfTheTool(String codec) {
    Rig.Keys keys = Rig.keys(folder, "one.key");
    rig.recipients = Recipients.parse(List.of(keys.publicKey()));
    rig.compression = Compression.parse(codec);
    Target source = filled();
    assertThat(rig.dump(source, "dump.age").compression()).hasToString(codec);
    Target target = fresh("target");
    rig.restore(
        DumpArchive.encrypted(folder.resolve("dump.age"), keys.identity()),
        target,
        RestoreRequest.Manner.NEW_DATABASE);
    assertSame(source, target, "parent", "child");
  }

  @Test
  void exactlyTheNamedTablesAreDumpedWhateverTheyAreCalled() {
    Target source = fresh("source");
    List<TableName> tables =
        List.of(
            new TableName("public", "Plain"),
            new TableName("public", "a*b"),
            new TableName("we.ird \"s\"", "x?.y"),
            new TableName("we.ird \"s\"", "two\nlines; drop table q"),
            new TableName("public", "日本 Ü $1 [a-z] {2} (x|y)^\\"),
            new TableName("public", "-t x"),
            new TableName("public", "n".repeat(63)));
    rig.sql(source, "create schema \"we.ird \"\"s\"\"\"");
    for (TableName table : tables) {
      rig.sql(source, "create table " + table + " as select 1 as id");
    }
    rig.sql(source, "create table \"aXb\" (id int)", "create table plain (id int)");
    rig.selection = new DumpSelection(tables, List.of());
    rig.dump(source, "dump");
    Contents contents = contents(DumpArchive.folder(folder.resolve("dump")));
    assertThat(contents.missing(tables)).isEmpty();
    assertThat(contents.tablesWithData()).isEqualTo(tables.size());
    assertThat(contents.missing(List.of(new TableName("public", "aXb")))).hasSize(1);
  }

  @Test
  void exactlyTheNamedSchemasAreDumped() {
    Target source = fresh("source");
    rig.sql(
        source,
        "create schema \"A*\"",
        "create schema \"AB\"",
        "create table \"A*\".t as select 1 as id",
        "create table \"AB\".t as select 1 as id");
    rig.selection = new DumpSelection(List.of(), List.of("A*"));
    rig.dump(source, "dump");
    Contents contents = contents(DumpArchive.folder(folder.resolve("dump")));
    assertThat(contents.missing(List.of(new TableName("A*", "t"), new TableName("AB", "t"))))
        .containsExactly(new TableName("AB", "t"));
  }

  @Test
  void inPlaceReplacesWhatIsThereInOneTransaction() {
    Target source = filled();
    rig.dump(source, "dump");
    String before = rig.text(source, SUM + "parent t");
    rig.sql(source, "update parent set name = 'ruined'", "drop table child");
    rig.restore(DumpArchive.folder(folder.resolve("dump")), source, RestoreRequest.Manner.IN_PLACE);
    assertThat(rig.text(source, SUM + "parent t")).isEqualTo(before);
    assertThat(rig.text(source, "select count(*)::text from child")).isEqualTo("5000");
  }

  @Test
  void whatTheBackupDoesNotKnowIsInTheWayInPlaceAndIsSaidToBe() {
    Target source = filled();
    rig.dump(source, "dump");
    rig.sql(source, "create view names as select name from parent", "delete from child");
    assertThatThrownBy(
            () ->
                rig.restore(
                    DumpArchive.folder(folder.resolve("dump")),
                    source,
                    RestoreRequest.Manner.IN_PLACE))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
              assertThat(failure.message()).contains("view public.names depends on");
              assertThat(failure.hint()).startsWith("drop it first, or restore beside it");
            });
    assertThat(rig.text(source, "select count(*)::text from child")).isEqualTo("0");
  }

  @Test
  void inPlaceReplacesPartitionedTablesWithTheirIndexes() {
    Target source = fresh("source");
    rig.sql(
        source,
        "create table sales (day date, id int, note text, primary key (day, id))"
            + " partition by range (day)",
        "create table \"a 2024\" partition of sales for values from ('2024-01-01') to ('2025-01-01')",
        "create table z2025 partition of sales for values from ('2025-01-01') to ('2026-01-01')",
        "create index on sales (note)",
        "create table of_sale (day date, id int, foreign key (day, id) references sales)",
        "insert into sales select date '2024-12-01' + n, n, 'x' from generate_series(1, 60) n",
        "insert into of_sale select day, id from sales",
        "create materialized view per_day as select day, count(*) from sales group by day",
        "create unique index on per_day (day)");
    rig.dump(source, "dump");
    rig.sql(source, "delete from of_sale", "delete from sales");
    rig.restore(DumpArchive.folder(folder.resolve("dump")), source, RestoreRequest.Manner.IN_PLACE);
    assertThat(rig.text(source, "select count(*)::text from sales")).isEqualTo("60");
    assertThat(rig.text(source, "select count(*)::text from of_sale")).isEqualTo("60");
    assertThat(rig.text(source, "select count(*)::text from per_day")).isEqualTo("60");
  }

  @Test
  void aProofLeavesOutWhatActsByItself() {
    Target source = filled();
    rig.sql(
        source,
        "create publication \"p u\" for table parent",
        "comment on publication \"p u\" is 'x'",
        "create function stop() returns event_trigger language plpgsql as"
            + " $$ begin raise 'stopped'; end $$",
        "create event trigger alarm on ddl_command_start when tag in ('CREATE VIEW')"
            + " execute function stop()",
        "create subscription s connection 'host=127.0.0.1 port=1' publication x"
            + " with (connect = false)");
    rig.dump(source, "dump");
    rig.sql(source, "alter subscription s set (slot_name = none)", "drop subscription s");
    Target target = fresh("target");
    RestoreResult restored =
        rig.restore(
            DumpArchive.folder(folder.resolve("dump")), target, RestoreRequest.Manner.SCRATCH);
    assertSame(source, target, "parent", "child");
    assertThat(restored.leftOut())
        .noneMatch(line -> line.contains("PUBLICATION"))
        .anyMatch(line -> line.startsWith("EVENT TRIGGER - alarm"))
        .anyMatch(line -> line.startsWith("SUBSCRIPTION - s"));
    assertThat(
            rig.text(
                target,
                "select (select count(*) - 1 from pg_publication) + (select count(*) from"
                    + " pg_event_trigger) + (select count(*) from pg_subscription where subdbid ="
                    + " (select oid from pg_database where datname = current_database())) || ''"))
        .isEqualTo("0");
  }

  @Test
  void aUserWhoOwnsOnlyTheDatabaseCanRestoreIntoItAndIsToldWhatWasLeftOut() {
    String role = "limited_" + ProcessHandle.current().pid();
    Target source = fresh("source");
    Target target = fresh("target");
    rig.sql(
        source,
        "create role " + role + " login password 'limited'",
        "alter database " + new Identifier(target.database()) + " owner to " + role,
        "create extension pgcrypto",
        "create schema app authorization " + role,
        "create table app.t as select n from generate_series(1, 10) n",
        "alter table app.t owner to " + role,
        "alter schema public owner to postgres",
        "comment on schema public is 'ours'");
    try {
      rig.dump(source, "dump");
      Target limited =
          new Target(
              target.host(),
              target.port(),
              target.database(),
              role,
              Optional.of(new Secret("limited")),
              target.tls(),
              target.connectTimeoutSeconds());
      rig.sql(target, "alter schema public owner to postgres");
      RestoreResult restored =
          rig.restore(
              DumpArchive.folder(folder.resolve("dump")),
              limited,
              RestoreRequest.Manner.NEW_DATABASE);
      assertThat(rig.text(target, "select count(*)::text from app.t")).isEqualTo("10");
      assertThat(restored.leftOut())
          .anyMatch(line -> line.startsWith("COMMENT - EXTENSION pgcrypto"))
          .anyMatch(line -> line.startsWith("SCHEMA - public"))
          .anyMatch(line -> line.startsWith("COMMENT - SCHEMA public"));
    } finally {
      TestServer.drop(target);
      TestServer.drop(source);
      rig.sql(TestServer.admin(), "drop role " + role);
    }
  }

  private Contents contents(DumpArchive archive) {
    return new PgRestore(rig.databases)
        .contents(archive, rig.tools.readerFor(15), rig.log, Rig.PATIENCE);
  }

  private static List<TableName> tables() {
    return List.of(new TableName("public", "parent"), new TableName("public", "child"));
  }

  private static String sha256(Path file) {
    return Programs.run("sha256sum", file.toString()).out().substring(0, 64);
  }
}
