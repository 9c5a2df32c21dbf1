package dev.belay.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Secret;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(180)
class DiffIT {
  private static final TableName T = new TableName("public", "t \"; drop table x; Ü");

  private final TwoDatabases databases = new TwoDatabases();

  @AfterEach
  void drop() {
    databases.close();
  }

  /** The truth is read into memory and compared there. */
  @ParameterizedTest
  @CsvSource({
    "1, 'id bigint primary key', id",
    "2, 'id bigint primary key', id",
    "3, 'id uuid primary key', id",
    "4, 'id text collate \"C\" primary key', id",
    "5, 'id text primary key', id",
    "6, 'id numeric primary key', id",
    "7, 'id timestamptz primary key', id",
    "8, 'id bytea primary key', id",
    "9, 'id char(40) primary key', id",
    "10, 'id date unique not null', id",
  })
  void findsExactlyTheRowsThatDiffer(long seed, String key, String label) {
    Random random = new Random(seed);
    databases.everywhere(
        "create table %s (%s, \"Wert ;\" text, n numeric, j json)".formatted(T, key));
    String insert = "insert into %s select %s, md5(i::text), i / 7.0, '{\"a\": 1}' from %s i";
    databases.everywhere(insert.formatted(T, value(key), "generate_series(1, 2000)"));
    change(databases.source, key, random);
    change(databases.target, key, random);
    databases.everywhere("analyze " + T);

    List<String> expected = truth(label, List.of("Wert ;", "n", "j"), false);

    assertThat(expected).hasSizeGreaterThan(30);
    assertThat(differences(label, false, TwoDatabases.FINE)).isEqualTo(expected);
    assertThat(differences(label, false, TwoDatabases.WHOLE)).isEqualTo(expected);
    assertThat(differences(label, true, TwoDatabases.FINE))
        .isEqualTo(truth(label, List.of("Wert ;", "n", "j"), true));
  }

  private static String value(String key) {
    if (key.startsWith("id uuid")) {
      return "md5('k' || i)::uuid";
    }
    if (key.startsWith("id text") || key.startsWith("id char")) {
      return "case i % 3 when 0 then 'ä' when 1 then '\"Z\\' else 'a, b ' end || lpad(i::text, 6, '0')";
    }
    if (key.startsWith("id bytea")) {
      return "decode(lpad(to_hex(i + 100000), 6, '0'), 'hex')";
    }
    if (key.startsWith("id timestamptz")) {
      return "timestamptz '0001-01-01 BC' + i * interval '7 days 1.000001 s'";
    }
    if (key.startsWith("id date")) {
      return "date '2000-01-01' + i";
    }
    return "i - 1000";
  }

  private static void change(Target database, String key, Random random) {
    for (int change = 0; change < 25; change++) {
      int row = 1 + random.nextInt(2000);
      String where = " where id = (select %s from (values (%d)) v (i))".formatted(value(key), row);
      switch (random.nextInt(5)) {
        case 0 -> TwoDatabases.run(database, "delete from " + T + where);
        case 1 -> TwoDatabases.run(database, "update " + T + " set \"Wert ;\" = null" + where);
        case 2 -> TwoDatabases.run(database, "update " + T + " set n = n + 0.00000001" + where);
        case 3 -> TwoDatabases.run(database, "update " + T + " set j = '{\"a\":1}'" + where);
        default ->
            TwoDatabases.run(
                database,
                "insert into %s select %s, 'new', 1, null from (values (%d)) v (i)"
                    .formatted(T, value(key), (random.nextBoolean() ? 5000 : -5000) + change * 9));
      }
    }
  }

  private List<String> truth(String label, List<String> columns, boolean withBase) {
    String key = "belay_row." + label;
    Map<String, List<String>> left = TwoDatabases.rows(databases.source, T, key, columns);
    Map<String, List<String>> right = TwoDatabases.rows(databases.target, T, key, columns);
    Map<String, List<String>> before = TwoDatabases.rows(databases.base, T, key, columns);
    TreeSet<String> keys = new TreeSet<>(left.keySet());
    keys.addAll(right.keySet());
    List<String> words = new ArrayList<>();
    for (String each : keys) {
      List<String> one = left.get(each);
      List<String> other = right.get(each);
      if (one != null && one.equals(other)) {
        continue;
      }
      List<String> was = before.get(each);
      String base =
          was == null
              ? "ABSENT"
              : was.equals(one) ? "LIKE_SOURCE" : was.equals(other) ? "LIKE_TARGET" : "OTHER";
      words.add(
          (one == null ? "EXTRA " : other == null ? "MISSING " : "CHANGED ")
              + each
              + (withBase ? " " + base : ""));
    }
    words.sort(null);
    return words;
  }

  private List<String> differences(String label, boolean withBase, DiffOptions options) {
    return databases.differences(T, "belay_row." + label, withBase, options);
  }

  @Test
  void equalTablesDoNotDiffer() {
    databases.everywhere(
        "create table %s (a int, b int, primary key (a, b))".formatted(T),
        "insert into %s select i %% 5, i from generate_series(1, 999) i".formatted(T));

    assertThat(differences("a", false, TwoDatabases.FINE)).isEmpty();
    assertThat(differences("a", true, TwoDatabases.WHOLE)).isEmpty();
  }

  @Test
  void aKeyOfSeveralColumnsIsComparedAsAWhole() {
    databases.everywhere(
        "create table %s (tenant int, id int, v text, primary key (tenant, id))".formatted(T),
        "insert into %s select i / 100, i %% 100, 'v' || i from generate_series(0, 999) i"
            .formatted(T),
        "analyze " + T);
    TwoDatabases.run(
        databases.source,
        "update %s set v = 'new' where (tenant, id) in ((0, 0), (3, 99), (9, 99))".formatted(T),
        "insert into %s values (-1, 1, 'x'), (4, 1000, 'y'), (99, 1, 'z')".formatted(T));
    TwoDatabases.run(databases.target, "delete from %s where tenant = 5 and id < 2".formatted(T));

    String label = "belay_row.tenant, '/', belay_row.id";

    assertThat(databases.differences(T, label, false, TwoDatabases.FINE))
        .containsExactly(
            "CHANGED 0/0",
            "CHANGED 3/99",
            "CHANGED 9/99",
            "MISSING -1/1",
            "MISSING 4/1000",
            "MISSING 5/0",
            "MISSING 5/1",
            "MISSING 99/1");
  }

  @Test
  void rowsWithoutAKeyAreComparedAsAMultiset() {
    databases.everywhere(
        "create table %s (a text, b int)".formatted(T),
        "insert into %s values ('x', 1), ('x', 1), ('x', 1), ('y', null), (null, 2)".formatted(T));
    TwoDatabases.run(
        databases.source, "insert into %s values ('x', 1), ('z', 3), ('z', 3)".formatted(T));
    TwoDatabases.run(
        databases.target,
        "delete from %s where ctid in (select ctid from %s where a = 'x' limit 2)".formatted(T, T),
        "insert into %s values ('y', null), ('', 2)".formatted(T));

    String label = "coalesce(belay_row.a, '<null>'), belay_row.b";

    assertThat(databases.differences(T, label, true, TwoDatabases.FINE))
        .containsExactly(
            "EXTRA 2 ABSENT",
            "EXTRA y ABSENT",
            "MISSING x1 ABSENT",
            "MISSING x1 LIKE_SOURCE",
            "MISSING x1 LIKE_SOURCE",
            "MISSING z3 ABSENT",
            "MISSING z3 ABSENT");
    assertThat(databases.differences(T, label, false, TwoDatabases.FINE))
        .hasSize(7)
        .allMatch(words -> !words.contains("LIKE"));
  }

  @Test
  void nullsEmptyTextsAndBlanksAreThree() {
    databases.everywhere("create table %s (id int primary key, v text)".formatted(T));
    TwoDatabases.run(
        databases.source,
        "insert into %s values (1, null), (2, ''), (3, ' '), (4, null)".formatted(T));
    TwoDatabases.run(
        databases.target,
        "insert into %s values (1, ''), (2, ' '), (3, null), (4, null)".formatted(T));

    assertThat(differences("id", false, TwoDatabases.FINE))
        .containsExactly("CHANGED 1", "CHANGED 2", "CHANGED 3");
  }

  @Test
  void microsecondsAndTheLastDigitOfAFloatAreSeenUnlessTolerated() {
    databases.everywhere(
        "create table %s (id int primary key, at timestamptz, f float8, r real, v text)"
            .formatted(T));
    String insert = "insert into %s values ".formatted(T);
    TwoDatabases.run(
        databases.source,
        insert
            + "(1, '2020-01-01 00:00:00.25', 1, 1, 'a'), (2, '2020-01-01', 1.0001, 1, 'a'),"
            + " (3, 'infinity', 'NaN', null, 'a'), (4, '2020-01-01', 1, 1, 'a'),"
            + " (5, '2020-01-01', 1, 1.1, 'a'), (6, null, 0, 1, 'a'), (7, '2020-01-01', 1, 1, 'a')");
    TwoDatabases.run(
        databases.target,
        insert
            + "(1, '2020-01-01', 1, 1, 'a'), (2, '2020-01-01', 1, 1, 'a'),"
            + " (3, '-infinity', 'NaN', null, 'a'), (4, '2020-01-01 00:00:01.000001', 1, 1, 'a'),"
            + " (5, '2020-01-01', 1, 1, 'a'), (6, '2020-01-01', -0.0, 1, 'a'),"
            + " (7, '2020-01-01 00:00:00.5', 1, 1, 'b')");

    assertThat(differences("id", false, TwoDatabases.FINE)).hasSize(7);
    assertThat(
            differences(
                "id", false, TwoDatabases.FINE.with(new Tolerance(0.001, Duration.ofSeconds(1)))))
        .containsExactly("CHANGED 3", "CHANGED 4", "CHANGED 5", "CHANGED 6", "CHANGED 7");
  }

  @Test
  void partitionsOrderOfColumnsAndGeneratedOnesMakeNoDifference() {
    TwoDatabases.run(
        databases.source,
        "create table %s (id int primary key, a text, twice int generated always as (id * 2) stored)"
            .formatted(T),
        "insert into %s (id, a) select i, 'v' || i from generate_series(1, 500) i".formatted(T));
    TwoDatabases.run(
        databases.target,
        "create table %s (old int, a text, id int not null, primary key (id)) partition by range (id)"
            .formatted(T),
        "alter table %s drop column old".formatted(T),
        "create table public.p1 partition of %s for values from (minvalue) to (100)".formatted(T),
        "create table public.p2 partition of %s for values from (100) to (maxvalue) partition by range (id)"
            .formatted(T),
        "create table public.\"P 3\" partition of public.p2 default",
        "insert into %s (id, a) select i, 'v' || i from generate_series(1, 500) i where i <> 300"
            .formatted(T),
        "update %s set a = 'other' where id in (50, 400)".formatted(T),
        "analyze " + T);

    assertThat(differences("id", false, TwoDatabases.FINE))
        .containsExactly("CHANGED 400", "CHANGED 50", "MISSING 300");
    assertThat(differences("id", false, TwoDatabases.WHOLE))
        .containsExactly("CHANGED 400", "CHANGED 50", "MISSING 300");
  }

  @Test
  void aTableThatInheritsIsNotPartOfItsParent() {
    databases.everywhere(
        "create table %s (id int primary key)".formatted(T),
        "create table public.child () inherits (%s)".formatted(T),
        "insert into public.child values (1)");
    TwoDatabases.run(databases.source, "insert into public.child values (2)");

    assertThat(differences("id", false, TwoDatabases.FINE)).isEmpty();
  }

  @Test
  void anAncestorThatLacksAColumnOrTheTableSaysWhatItKnows() {
    databases.everywhere(
        "create table %s (id int primary key, a text)".formatted(T),
        "insert into %s values (1, 'a'), (2, 'a'), (3, 'a')".formatted(T));
    for (var database : List.of(databases.source, databases.target)) {
      TwoDatabases.run(database, "alter table %s add b int default 1".formatted(T));
    }
    TwoDatabases.run(databases.source, "update %s set b = 2 where id = 1".formatted(T));
    TwoDatabases.run(databases.source, "update %s set a = 'b' where id = 2".formatted(T));
    TwoDatabases.run(databases.target, "delete from %s where id = 3".formatted(T));

    assertThat(differences("id", true, TwoDatabases.FINE))
        .containsExactly("CHANGED 1 LIKE_BOTH", "CHANGED 2 LIKE_TARGET", "MISSING 3 LIKE_SOURCE");

    TwoDatabases.run(databases.base, "drop table " + T);

    assertThat(differences("id", true, TwoDatabases.FINE))
        .containsExactly("CHANGED 1 ABSENT", "CHANGED 2 ABSENT", "MISSING 3 ABSENT");
  }

  @Test
  void tablesWithoutACommonColumnAreNotEqual() {
    TwoDatabases.run(databases.source, "create table %s (a int)".formatted(T));
    TwoDatabases.run(databases.target, "create table %s (b int)".formatted(T));

    assertThatThrownBy(() -> differences("a", false, TwoDatabases.FINE))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED));
  }

  @Test
  void aTableThatMayNotBeReadIsAFailureThatNamesIt() {
    databases.everywhere("create table %s (id int primary key)".formatted(T));
    String role = "narrow_" + ProcessHandle.current().pid();
    TwoDatabases.run(databases.target, "create role " + role + " login password 'narrow'");
    Target owner = databases.target;
    try {
      databases.target =
          new Target(
              owner.host(),
              owner.port(),
              owner.database(),
              role,
              Optional.of(new Secret("narrow")),
              owner.tls(),
              owner.connectTimeoutSeconds());

      assertThatThrownBy(() -> differences("id", false, TwoDatabases.FINE))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                assertThat(failure.message())
                    .contains("table " + T.plain() + " of the target")
                    .contains("permission denied");
              });
    } finally {
      databases.target = owner;
      TwoDatabases.run(owner, "drop role " + role);
    }
  }
}
