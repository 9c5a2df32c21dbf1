package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Fingerprint;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.Snapshot;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class FingerprintsIT {
  private final Lab lab = new Lab("fingerprints");

  @AfterEach
  void drop() {
    lab.close();
  }

  @Test
  void valuesSwappedBetweenRowsOfAColumnAreSeen() {
    lab.run(
        "create table public.t (id int, a text, b text, c int)",
        "insert into public.t values (1, 'x', 'p', 7), (2, 'y', 'q', 8)");
    Fingerprint before = lab.of("t");

    lab.run("update public.t set b = case id when 1 then 'q' else 'p' end");
    Fingerprint text = lab.of("t");
    lab.run("update public.t set c = 15 - c");
    Fingerprint number = lab.of("t");

    assertThat(List.of(before, text, number)).doesNotHaveDuplicates();
    lab.run("update public.t set c = 15 - c, b = case id when 1 then 'p' else 'q' end");
    assertThat(lab.of("t")).isEqualTo(before);
  }

  @Test
  void valuesSwappedBetweenColumnsOfARowAreSeen() {
    lab.run(
        "create table public.t (a text, b text, c int, d int, e json, f json)",
        "insert into public.t values ('x', 'y', 1, 2, '1', '2')");
    Fingerprint before = lab.of("t");

    lab.run("update public.t set a = b, b = a");
    Fingerprint text = lab.of("t");
    lab.run("update public.t set a = b, b = a, c = d, d = c");
    Fingerprint number = lab.of("t");
    lab.run("update public.t set c = d, d = c, e = f, f = e");
    Fingerprint output = lab.of("t");

    assertThat(List.of(before, text, number, output)).doesNotHaveDuplicates();
  }

  @Test
  void aRowThatIsThereTwiceIsNotTwoOthers() {
    lab.run("create table public.t (a int)", "insert into public.t values (1), (1)");
    Fingerprint ones = lab.of("t");
    lab.run("update public.t set a = 2");

    assertThat(lab.of("t")).isNotEqualTo(ones);
    assertThat(ones.rows()).isEqualTo(2);
  }

  @Test
  void neighbouringValuesDoNotRunIntoOneAnother() {
    lab.run("create table public.t (a text, b text, c varbit)");
    List<String> rows =
        List.of(
            "'a', 'b', null",
            "e'a\\x1fb', '', null",
            "'', e'a\\x1fb', null",
            "e'a\\x1fb', null, null",
            "null, e'a\\x1fb', null",
            "e'\\x1e', 'b', null",
            "null, 'b', null",
            "'', 'b', null",
            "'a', 'b', ''",
            "null, null, null",
            "'', '', ''");

    List<Fingerprint> found =
        rows.stream()
            .map(
                row -> {
                  lab.run("truncate public.t", "insert into public.t values (" + row + ")");
                  return lab.of("t");
                })
            .toList();

    assertThat(found).doesNotHaveDuplicates();
  }

  @Test
  void paddingOfCharactersCountsAsItIsStored() {
    lab.run("create table public.t (v char(4))", "insert into public.t values ('a')");
    Fingerprint padded = lab.of("t");
    lab.run("alter table public.t alter v type char(5)");

    assertThat(lab.of("t")).isNotEqualTo(padded);
  }

  @Test
  void aCompositeOfNullsIsNotNull() {
    lab.run(
        "create type public.pair as (a int, b text)",
        "create table public.t (v public.pair)",
        "insert into public.t values (row(null, null))");
    Fingerprint nulls = lab.of("t");
    lab.run("update public.t set v = null");

    assertThat(lab.of("t")).isNotEqualTo(nulls);
  }

  @Test
  void equalUnderALooseCollationIsNotEqual() {
    lab.run(
        "create collation public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
        "create table public.t (a text collate public.loose, b varchar(9) collate \"C\")",
        "insert into public.t values ('Anna', 'x')");
    Fingerprint before = lab.of("t");
    lab.run("update public.t set a = 'ANNA'");

    assertThat(lab.session().test("select a = 'anna' from public.t")).isTrue();
    assertThat(lab.of("t")).isNotEqualTo(before);
  }

  @Test
  void castsOfTheDatabasesOwnAreNotUsed() {
    lab.run(
        "create type public.mood as enum ('sad', 'glad')",
        "create type public.pair as (a int, b int)",
        "create table public.t (a public.mood, b public.pair)",
        "insert into public.t values ('sad', row(1, 2))",
        "create function public.same(public.mood) returns text language sql as 'select ''x''::text'",
        "create function public.same(public.pair) returns text language sql as 'select ''x''::text'",
        "create cast (public.mood as text) with function public.same(public.mood) as implicit",
        "create cast (public.pair as text) with function public.same(public.pair) as implicit");
    Fingerprint before = lab.of("t");
    lab.run("update public.t set a = 'glad'");
    Fingerprint mood = lab.of("t");
    lab.run("update public.t set b = row(1, 3)");

    assertThat(List.of(before, mood, lab.of("t"))).doesNotHaveDuplicates();
  }

  @Test
  void theOrderOfRowsAndColumnsAndDeadColumnsDoNotCount() {
    lab.run(
        "create table public.one (a int, gone text, b text, twice int generated always as (a * 2) stored)",
        "alter table public.one drop column gone",
        "create table public.two (b text, a int)",
        "insert into public.one (a, b) values (1, 'x'), (2, null)",
        "insert into public.two values (null, 2), ('x', 1)");

    assertThat(lab.of("one")).isEqualTo(lab.of("two"));
  }

  @Test
  void hostileNamesAreOnlyNames() {
    List<String> names =
        List.of(
            "a b",
            "UPPER",
            "sch\"ema",
            "x\"; drop table \"y",
            "it's ? {fn now()} $1 :p",
            "Ünïcödé 表 \uD83D\uDE00",
            "new\nline\ttab\\",
            "x".repeat(63),
            "select",
            "belay_row");
    for (String name : names) {
      Identifier quoted = new Identifier(name);
      lab.run(
          "create schema " + quoted,
          "create table %s.%s (%s int, \"other ' ?\" text)".formatted(quoted, quoted, quoted),
          "insert into %s.%s values (1, 'x')".formatted(quoted, quoted));
    }

    Tables tables = Fingerprints.tables(lab.session());
    Map<TableName, Fingerprint> found = lab.measure(tables.shapes(), 2, 1);

    assertThat(found.keySet())
        .containsExactlyInAnyOrderElementsOf(
            names.stream().map(name -> new TableName(name, name)).toList());
    assertThat(found.values()).allMatch(fingerprint -> fingerprint.rows() == 1);
  }

  @Test
  void tablesWithoutColumnsHaveRows() {
    lab.run("create table public.t ()");
    Fingerprint empty = lab.of("t");
    lab.run("insert into public.t default values", "insert into public.t default values");

    assertThat(empty).isEqualTo(new Fingerprint(0, "0"));
    assertThat(lab.of("t").rows()).isEqualTo(2);
    assertThat(lab.of("t").sum()).isNotEqualTo("0");
  }

  @Test
  void tablesOfAsManyColumnsAsThereCanBeAreMeasured() {
    for (int columns : List.of(49, 50, 99, 301, 1600)) {
      lab.run(
          "create table public.t (%s)"
              .formatted(
                  IntStream.rangeClosed(1, columns)
                      .mapToObj(number -> "c" + number + (number % 3 == 0 ? " text" : " bool"))
                      .collect(Collectors.joining(", "))),
          "insert into public.t default values");
      Fingerprint before = lab.of("t");
      lab.run("update public.t set c%d = %s".formatted(columns, columns % 3 == 0 ? "''" : "true"));

      assertThat(lab.of("t")).as("%d columns", columns).isNotEqualTo(before);
      lab.run("drop table public.t");
    }
  }

  @Test
  void eachRowCountsForTheTableThatHoldsIt() {
    lab.run(
        "create table public.parent (a int)",
        "create table public.child (b int) inherits (public.parent)",
        "insert into public.parent values (1)",
        "insert into public.child values (2, 2), (3, 3)",
        "create table public.whole (a int) partition by range (a)",
        "create table public.low partition of public.whole for values from (0) to (10)",
        "create table public.high partition of public.whole for values from (10) to (20) partition by list (a)",
        "create table public.twelve partition of public.high for values in (12)",
        "create unlogged table public.fast (a int)",
        "create temporary table passing (a int)",
        "create materialized view public.seen as select 1 as a",
        "insert into public.whole values (1), (2), (12)");

    Map<TableName, Fingerprint> found =
        lab.measure(Fingerprints.tables(lab.session()).shapes(), 2, 1);

    assertThat(
            found.entrySet().stream()
                .collect(
                    Collectors.toMap(
                        entry -> entry.getKey().table(), entry -> entry.getValue().rows())))
        .isEqualTo(Map.of("parent", 1L, "child", 2L, "low", 2L, "twelve", 1L, "fast", 0L));
  }

  @Test
  void tablesOfExtensionsAreOnlyNamed() {
    lab.run("create table public.config (a int)", "create table public.mine (a int)");
    // No extension of the server brings a table, so one is made a member by hand.
    lab.run("alter extension plpgsql add table public.config");

    Tables tables = Fingerprints.tables(lab.session());

    assertThat(tables.ofExtensions()).containsExactly(new TableName("public", "config"));
    assertThat(tables.shapes())
        .extracting(TableShape::name)
        .containsExactly(new TableName("public", "mine"));
    lab.run("alter extension plpgsql drop table public.config");
  }

  @Test
  void piecesComeToTheSameAsTheWhole() {
    lab.run(
        "create table public.t (id int, pad text)",
        "insert into public.t select n, repeat('x', 200) || n from generate_series(1, 20000) n",
        "delete from public.t where id % 7 = 0",
        "update public.t set pad = repeat(pad, 30) where id % 1000 = 1");
    TableShape shape = lab.shape("t");

    Fingerprint whole = lab.of("t");

    assertThat(shape.pages()).isGreaterThan(400);
    for (long pages : List.of(1L, 7L, 100L, shape.pages() - 1, shape.pages())) {
      long bytes = pages * shape.bytes() / shape.pages();

      assertThat(lab.measure(List.of(shape), 2, bytes)).as("%d pages", pages).containsValue(whole);
    }
  }

  @Test
  void aPieceReadsNoOtherPagesWhateverIsSet() {
    lab.run(
        "create table public.t as select n, repeat('x', 500) from generate_series(1, 1000) n",
        "set enable_tidscan = off",
        "set max_parallel_workers_per_gather = 4",
        "set parallel_setup_cost = 0",
        "set min_parallel_table_scan_size = 0");
    FingerprintQueries.prepare(lab.session());

    for (Piece piece : Piece.of(lab.shape("t"), 10)) {
      List<String> plan =
          lab.session().list("explain " + FingerprintQueries.sql(piece), row -> row.getString(1));

      assertThat(plan)
          .anyMatch(line -> line.contains("Tid Range Scan"))
          .noneMatch(line -> line.contains("Gather"));
    }
  }

  @Test
  void whatIsAddedAfterTheSizeWasReadIsInTheLastPiece() {
    lab.run("create table public.t as select n, repeat('x', 500) from generate_series(1, 1000) n");
    TableShape shape = lab.shape("t");
    lab.run("insert into public.t select n, repeat('x', 500) from generate_series(1, 1000) n");

    assertThat(lab.measure(List.of(shape), 2, 10)).containsValue(lab.of("t"));
    assertThat(lab.of("t").rows()).isEqualTo(2000);
  }

  @Test
  void whatWasTruncatedRewrittenOrDroppedSinceASnapshotIsNamed() {
    for (String table : List.of("kept", "emptied", "rewritten", "dropped")) {
      lab.run("create table public.%s as select 1 as a".formatted(table));
    }
    try (Snapshot snapshot = Snapshot.take(new JdbcDatabases("integrity-test"), lab.target())) {
      assertThat(Fingerprints.replacedSince(snapshot.database())).isEmpty();
      lab.run(
          "insert into public.kept values (2)",
          "create table public.fresh (a int)",
          "truncate public.emptied",
          "alter table public.rewritten alter a type bigint",
          "drop table public.dropped");

      assertThat(Fingerprints.replacedSince(snapshot.database()))
          .extracting(TableName::table)
          .containsExactly("dropped", "emptied", "rewritten");
    }
  }

  @Test
  void workersAreClosed() {
    lab.run("create table public.t (a int)");
    Database worker = lab.worker();
    int pid = worker.loginPid();

    Fingerprints.measure(
        Fingerprints.tables(lab.session()).shapes(),
        () -> worker,
        1,
        Quiet.progress().bar("measuring", 0, "bytes"));

    TestServer.await(
        lab.session(), "select not exists (select from pg_stat_activity where pid = ?)", pid);
  }

  @Test
  void theProbeIsTheSameInEachDatabaseOfOneEncodingAndNotInAnother() {
    try (Lab other = new Lab("other")) {
      assertThat(Fingerprints.probe(other.session())).isEqualTo(Fingerprints.probe(lab.session()));
    }
    lab.run("drop database if exists latin");
    lab.run("create database latin encoding 'latin1' locale 'C' template template0");
    try (Database latin =
        new JdbcDatabases("integrity-test").open(lab.target().withDatabase("latin"))) {
      assertThat(Fingerprints.probe(latin)).isNotEqualTo(Fingerprints.probe(lab.session()));
    }
    lab.run("drop database latin");
  }

  @Test
  void theProbeDoesNotDependOnWhatTheRoleOrTheDatabaseSets() {
    String before = Fingerprints.probe(lab.session());
    lab.run(
        "alter database %s set intervalstyle = iso_8601".formatted(name()),
        "alter database %s set datestyle = german".formatted(name()),
        "alter database %s set timezone = 'Asia/Tokyo'".formatted(name()),
        "alter database %s set bytea_output = escape".formatted(name()),
        "alter database %s set extra_float_digits = -10".formatted(name()));

    try (Database session = lab.worker()) {
      assertThat(Fingerprints.probe(session)).isEqualTo(before);
    }
  }

  private Identifier name() {
    return new Identifier(lab.target().database());
  }
}
