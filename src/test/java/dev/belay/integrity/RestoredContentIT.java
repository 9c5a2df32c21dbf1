package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.report.Json;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What pg_dump and pg_restore bring back is equal, and nothing else is. */
@Timeout(120)
class RestoredContentIT {
  private final Lab lab = new Lab("source");

  @BeforeEach
  void fill() {
    lab.run(
        "create schema \"Odd \"\"; drop table x\"",
        "create type public.mood as enum ('sad', 'so so', 'glad')",
        "create type public.pair as (a public.mood, \"B b\" text[])",
        "create domain public.positive as numeric check (value > 0)",
        "create type public.span as range (subtype = numeric)",
        """
        create table public.kinds (
          id bigint generated always as identity primary key, m public.mood, ms public.mood[],
          p public.pair, ps public.pair[], n public.positive, s public.span, c char(5), r regclass,
          j json, b jsonb, x bytea, f float8, i interval, ts timestamptz, v tsvector, t text,
          g int generated always as (1) stored)
        """,
        """
        insert into public.kinds (m, ms, p, ps, n, s, c, r, j, b, x, f, i, ts, v, t)
        select (enum_range(null::public.mood))[1 + n % 3], array['glad', null]::public.mood[],
               row('so so', array['a "b', null, ''])::public.pair,
               array[row(null, null)::public.pair, null], n + 0.50, public.span(n, null), 'c' || n,
               'public.kinds'::regclass, '{"a":  1}', '{"a": 1.0}', '\\x00ff', -0.0::float8 / n,
               '24:00', timestamptz '2000-01-01 00:00+00' + n * interval '1 day', 'a:1A', null
          from generate_series(1, 500) n
        """,
        "alter table public.kinds drop column v",
        "create table public.parts (a int, b text) partition by hash (a)",
        "create table public.part0 partition of public.parts for values with (modulus 2, remainder 0)",
        "create table public.part1 partition of public.parts for values with (modulus 2, remainder 1)",
        "insert into public.parts select n, n from generate_series(1, 100) n",
        "create table \"Odd \"\"; drop table x\".\"T \"\" ' ?\" (\"c \"\" ?\" text)",
        "insert into \"Odd \"\"; drop table x\".\"T \"\" ' ?\" values (e'\\x1f'), (e'\\x1e'), (null)",
        "create sequence \"Odd \"\"; drop table x\".\"S \"\" ?\" increment -5 maxvalue 100 start 50",
        "select nextval('\"Odd \"\"; drop table x\".\"S \"\" ?\"')",
        "create sequence public.untouched start 7",
        "create sequence public.put",
        "select setval('public.put', 41, false)",
        "select lo_from_bytea(111, '\\x0001')",
        "select lo_from_bytea(112, '\\x0100')",
        "select lo_create(113)",
        // Two pages of zeros that are not stored, then one byte; and zeros at an end.
        "select lo_create(114), lo_put(114, 5000, '\\x07')",
        "select lo_from_bytea(115, decode(repeat('00', 9000), 'hex'))");
  }

  @AfterEach
  void drop() {
    lab.close();
  }

  @Test
  void aRestoreIsEqual() {
    Content before = lab.content();
    try (Lab copy = lab.restored()) {
      ContentVerdict verdict = copy.compare(before);

      assertThat(verdict.differences()).isEmpty();
      assertThat(verdict.notComparable()).isEmpty();
      assertThat(verdict.equal()).isTrue();
      assertThat(verdict.tables()).isEqualTo(4);
      assertThat(verdict.rows()).isEqualTo(603).isEqualTo(before.rows());
      assertThat(verdict.unexpected()).isEmpty();
      assertThat(copy.content()).isEqualTo(before);
      assertThat(enumNumber(copy)).as("the enum has another number").isNotEqualTo(enumNumber(lab));
    }
  }

  @Test
  void itSurvivesJson() {
    Content before = lab.content();

    Content read = Json.MAPPER.readValue(Json.pretty(before), Content.class);

    assertThat(read).isEqualTo(before);
  }

  @Test
  void everyDifferenceIsNamed() {
    Content before = lab.content();
    lab.run(
        "update public.kinds set m = 'glad' where id = 1",
        "delete from public.part0",
        "drop table \"Odd \"\"; drop table x\".\"T \"\" ' ?\"",
        "select nextval('\"Odd \"\"; drop table x\".\"S \"\" ?\"')",
        "drop sequence public.untouched",
        "select lo_unlink(113)",
        "create table public.extra (a int)");

    ContentVerdict verdict = lab.compare(before);

    assertThat(verdict.differences())
        .hasSize(6)
        .satisfiesExactly(
            text -> assertThat(text).isEqualTo("table Odd \"; drop table x.T \" ' ? is missing"),
            text -> assertThat(text).startsWith("table public.part0 has 0 rows instead of "),
            text ->
                assertThat(text).isEqualTo("table public.kinds has other content in its 500 rows"),
            text ->
                assertThat(text)
                    .isEqualTo("sequence Odd \"; drop table x.S \" ? is at 45 instead of 50"),
            text -> assertThat(text).isEqualTo("sequence public.untouched is missing"),
            text -> assertThat(text).isEqualTo("there are 4 large objects instead of 5"));
    assertThat(verdict.count()).isEqualTo(6);
    assertThat(verdict.equal()).isFalse();
    assertThat(verdict.unexpected()).containsExactly(new TableName("public", "extra"));
  }

  @Test
  void manyDifferencesAreCountedAndSomeShown() {
    for (int number = 10; number < 22; number++) {
      lab.run("create table public.t%d as select 1 as a".formatted(number));
    }
    Content before = lab.content();
    for (int number = 10; number < 22; number++) {
      lab.run("update public.t%d set a = 2".formatted(number));
    }

    ContentVerdict verdict = lab.compare(before);

    assertThat(verdict.count()).isEqualTo(12);
    assertThat(verdict.differences()).hasSize(6).endsWith("7 more tables have other content");
  }

  @Test
  void eachByteAndTheLengthOfALargeObjectCount() {
    LargeObjects before = LargeObjects.of(lab.session());
    for (String change :
        List.of(
            "select lo_put(111, 0, '\\x01')",
            "select lo_put(112, 1, '\\x02')",
            "select lo_put(112, 2, '\\x00')",
            "select lo_put(113, 0, '\\x00')",
            "select lo_put(114, 4999, '\\x07')",
            "select lo_put(115, 8999, '\\x01')",
            "select lo_put(115, 9000, '\\x00')")) {
      lab.run("begin", change);
      assertThat(LargeObjects.of(lab.session())).as(change).isNotEqualTo(before);
      lab.run("rollback");
    }
    assertThat(LargeObjects.of(lab.session())).isEqualTo(before);
    assertThat(before.count()).isEqualTo(5);
  }

  @Test
  void aRoleThatMayNotReadLargeObjectsStillCountsThem() {
    Content before = lab.content();
    lab.run("drop role if exists integrity_blind", "create role integrity_blind");
    try (Database session = lab.worker()) {
      session.execute("set role integrity_blind");

      assertThat(LargeObjects.of(session)).isEqualTo(new LargeObjects(5, Optional.empty()));
    }
    lab.run("drop role integrity_blind");
    Content blind =
        new Content(
            before.form(),
            before.probe(),
            before.tables(),
            before.sequences(),
            new LargeObjects(5, Optional.empty()));

    // What was never read cannot be compared, so their number is all that is promised.
    assertThat(lab.compare(blind).equal()).isTrue();
  }

  @Test
  void anotherFormOrServerIsNeverEqual() {
    Content before = lab.content();
    Content newer =
        new Content(
            "sha512-v9",
            before.probe(),
            before.tables(),
            before.sequences(),
            before.largeObjects());
    Content foreign =
        new Content(
            before.form(),
            "LATIN1 8192 42",
            before.tables(),
            before.sequences(),
            before.largeObjects());

    assertThat(lab.compare(newer).equal()).isFalse();
    assertThat(lab.compare(newer).count()).isZero();
    assertThat(lab.compare(newer).notComparable().orElseThrow())
        .contains("sha512-v9", Fingerprints.FORM);
    assertThat(lab.compare(foreign).equal()).isFalse();
    assertThat(lab.compare(foreign).notComparable().orElseThrow()).contains("LATIN1 8192 42");
    lab.run("delete from public.kinds where id = 1");
    assertThat(lab.compare(foreign).differences())
        .containsExactly("table public.kinds has 499 rows instead of 500");
  }

  @Test
  void sequencesAreReadWithTheirPlaces() {
    assertThat(Sequences.of(lab.session()))
        .containsExactly(
            new SequenceState(new TableName("Odd \"; drop table x", "S \" ?"), 50, true, -5, false),
            new SequenceState(new TableName("public", "kinds_id_seq"), 500, true, 1, false),
            new SequenceState(new TableName("public", "put"), 41, false, 1, false),
            new SequenceState(new TableName("public", "untouched"), 7, false, 1, false));
  }

  @Test
  void sequencesThatMayNotBeReadAreAllNamed() {
    lab.run("drop role if exists integrity_deaf", "create role integrity_deaf");
    lab.run("grant usage on schema public to integrity_deaf");
    try (Database session = lab.worker()) {
      session.execute("set role integrity_deaf");

      assertThatThrownBy(() -> Sequences.of(session))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("Odd \"; drop table x.S \" ?, public.kinds_id_seq, public.put");
    }
    lab.run("drop owned by integrity_deaf", "drop role integrity_deaf");
  }

  @Test
  void manySequencesAreReadInSeveralQueries() {
    for (int number = 0; number < 205; number++) {
      lab.run("create sequence public.s%d start %d".formatted(number, number + 1));
    }

    assertThat(Sequences.of(lab.session()))
        .hasSize(209)
        .contains(new SequenceState(new TableName("public", "s204"), 205, false, 1, false));
  }

  private static long enumNumber(Lab lab) {
    return lab.session().number("select oid from pg_type where typname = 'mood'");
  }
}
