package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules of the user's, good, broken and hostile, run by a superuser. */
@Timeout(60)
class RulesIT {
  private final CheckLab lab = new CheckLab();
  private Path folder = Path.of("");

  @BeforeEach
  void fill(@TempDir Path temporary) {
    folder = temporary;
    lab.run(
        "create table public.orders (id int primary key, total numeric, doc jsonb)",
        "insert into public.orders select n, n - 5, jsonb_build_object('n', n) from generate_series(1, 100) n",
        "create sequence public.counter",
        "create function public.writes() returns int language plpgsql volatile as"
            + " $$ begin delete from public.orders; return 1; end $$",
        "select lo_from_bytea(4711, 'x')");
  }

  @AfterEach
  void drop() {
    lab.close();
  }

  private CheckResult run(String text) throws IOException {
    return run(text, Duration.ofSeconds(20));
  }

  private CheckResult run(String text, Duration longest) throws IOException {
    Path file = folder.resolve("rule.sql");
    Files.writeString(file, text);
    return new Rules(lab.lab::worker, longest, Duration.ofSeconds(1), 3, Quiet.progress())
        .run(Checks.rules(file), List.of())
        .get(0);
  }

  @Test
  void rowsAreFindingsCountedExactlyAndTheFirstAreShown() throws IOException {
    CheckResult result =
        run(
            """
            -- Orders with a negative total.
            -- severity: warning
            -- owner: billing; "them"
            -- hint: ask {d 'nobody'} ?
            select id, total as "the; total", null as "nothing" from orders where total < 0 order by id; -- end ;
            """);

    assertThat(result.check().complaint()).isEqualTo("Orders with a negative total.");
    assertThat(result.check().severity()).isEqualTo(Severity.WARNING);
    assertThat(result.check().owner()).contains("billing; \"them\"");
    assertThat(result.count()).isEqualTo(4);
    assertThat(result.findings()).hasSize(3);
    assertThat(result.findings().get(0).place())
        .containsEntry("id", "1")
        .containsEntry("the; total", "-4")
        .containsEntry("nothing", null);
  }

  @Test
  void psqlGivesAsManyRowsForTheSameFile() throws IOException {
    String text = "-- Small ones.\nselect * from orders where doc ? 'n' and id <= 7\n";

    assertThat(run(text).count()).isEqualTo(7);
    assertThat(lab.inPsql(text + ";").out()).contains("(7 rows)");
  }

  @Test
  void noRowIsAPass() throws IOException {
    assertThat(run("-- None.\nselect 1 from orders where false").passed()).isTrue();
  }

  @Test
  void aRowMayStandForManyAndShowExamples() throws IOException {
    CheckResult result =
        run(
            "-- Groups.\nselect 'g' as kind, count(*) as rows, array_agg(id) as examples from orders");

    assertThat(result.count()).isEqualTo(100);
    assertThat(result.findings().get(0).examples()).containsExactly("1", "2", "3");
  }

  @Test
  void columnsOfOneNameAndHugeValuesAreNoTrouble() throws IOException {
    CheckResult result =
        run("-- Wide.\nselect 1 as a, 2 as a, repeat('x', 50000000) as \"big\" from orders");

    assertThat(result.count()).isEqualTo(100);
    assertThat(result.findings().get(0).place()).containsEntry("a", "1").containsEntry("a 2", "2");
    assertThat(result.findings().get(0).place().get("big")).hasSize(300);
  }

  /** None of these may change anything, whatever they come to. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from orders",
        "select 1; commit; drop table orders",
        "select 1; delete from orders",
        "commit",
        "with gone as (delete from orders returning 1) select * from gone",
        "select 1) as x; commit; drop table orders; select * from (select 1",
        "select 1) , gone as (delete from orders returning 1",
        "select writes()",
        "select set_config('transaction_read_only', 'off', false), writes()",
        "select set_config('default_transaction_read_only', 'off', false), writes()",
        "select set_config('role', 'none', false), set_config('transaction_read_only', 'off', true), writes()",
        "set transaction read write",
        "set default_transaction_read_only = off",
        "begin; delete from orders; commit",
        "select nextval('counter')",
        "select setval('counter', 99)",
        "select lo_unlink(4711)",
        "select lo_from_bytea(4712, 'y')",
        "copy (select 1) to program 'touch /tmp/belay-rule-was-here'",
        "copy orders to '/tmp/belay-rule-was-here'",
        "create table public.made as select 1",
        "select * into public.made from orders",
        "select * from orders for update",
        "do $$ begin delete from orders; end $$",
        "call writes()",
        "explain analyze delete from orders",
        "vacuum orders",
        "lock table orders",
        "select pg_notify('c', 'x') from orders",
        "select query_to_xml('delete from orders', true, true, '')",
        "select query_to_xml('select writes()', true, true, '')",
        "select pg_advisory_lock(4711)",
        "select 'it''s; fine', $a$;commit;$a$, E'\\';commit;', \"id\" /* ; commit /* ; */ ; */ from orders",
        "select pg_terminate_backend(pg_backend_pid())",
        "prepare transaction 'x'",
        "listen c",
        "discard all",
        "reset all",
        "rollback",
        "end; drop table orders"
      })
  void nothingIsChangedWhateverARuleTries(String rule) throws IOException {
    run("-- Hostile.\n" + rule);

    assertThat(lab.lab.session().number("select count(*) from public.orders")).isEqualTo(100);
    assertThat(lab.lab.session().test("select is_called from public.counter")).isFalse();
    assertThat(
            lab.lab
                .session()
                .list("select oid from pg_largeobject_metadata", row -> row.getLong(1)))
        .containsExactly(4711L);
    TestServer.await(
        lab.lab.session(),
        "select not exists (select from pg_locks l join pg_database d on d.oid = l.database"
            + " where locktype = 'advisory' and d.datname = current_database())");
    assertThat(lab.lab.session().number("select count(*) from pg_class where relname = 'made'"))
        .isZero();
    assertThat(lab.lab.session().number("select count(*) from pg_prepared_xacts where gid = 'x'"))
        .isZero();
    assertThat(Path.of("/tmp/belay-rule-was-here")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- Two.\nselect 1; select 2",
        "-- None.\n",
        "-- Half.\nselect 'x",
        "-- Half.\nselect 1 /* x",
        "-- Wrong.\nselect nothing from nowhere",
        "-- Write.\ndelete from orders",
        "-- By.\n-- by: magic\nselect 1",
        "-- Severity.\n-- severity: fatal\nselect 1",
        "select 1 without a complaint",
        ""
      })
  void whatCannotBeRunIsNeverTakenForPassed(String text) throws IOException {
    CheckResult result = run(text);

    assertThat(result.passed()).isFalse();
    assertThat(result.findingCount()).isZero();
    assertThat(result.unchecked()).hasSize(1);
    assertThat(result.unchecked().get(0).hint()).isNotBlank();
  }

  @Test
  void textThatIsNotUtf8IsNeverTakenForPassed() throws IOException {
    Path file = folder.resolve("latin.sql");
    Files.write(file, "-- Größe.\nselect 1".getBytes(StandardCharsets.ISO_8859_1));

    CheckResult result =
        new Rules(
                lab.lab::worker, Duration.ofSeconds(9), Duration.ofSeconds(1), 3, Quiet.progress())
            .run(Checks.rules(file), List.of())
            .get(0);

    assertThat(result.unchecked().get(0).reason()).isEqualTo("it is not UTF-8 text");
  }

  @Test
  void aRuleThatTakesTooLongIsStoppedEvenIfItForbidsThat() throws IOException {
    CheckResult result =
        run(
            "-- Slow.\nselect set_config('statement_timeout', '0', false), pg_sleep(50) from orders",
            Duration.ofMillis(300));

    assertThat(result.unchecked().get(0).reason()).isEqualTo("it took longer than 300 ms");
  }

  @Test
  void findingsBeforeAnErrorAreNoResult() throws IOException {
    CheckResult result = run("-- Fails late.\nselect 1 / (100 - id) from orders");

    assertThat(result.findingCount()).isZero();
    assertThat(result.unchecked().get(0).reason()).contains("division by zero");
  }

  @Test
  void aRuleThatFailsDoesNotStopTheOthers() throws IOException {
    Files.writeString(
        folder.resolve("a.sql"), "-- Ends itself.\nselect pg_terminate_backend(pg_backend_pid())");
    Files.writeString(folder.resolve("b.sql"), "-- Works.\nselect 1");

    List<CheckResult> results =
        new Rules(
                lab.lab::worker, Duration.ofSeconds(9), Duration.ofSeconds(1), 3, Quiet.progress())
            .run(Checks.rules(folder), List.of());

    assertThat(results.get(0).passed()).isFalse();
    assertThat(results.get(1).count()).isEqualTo(1);
  }
}
