package dev.belay.rollback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import dev.belay.support.FlywayVersion;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an undo destroys without dropping it, and what no rollback brings back. */
class RollbackLossIT {
  private static final TableName MORE = new TableName(Theatre.SCHEMA, "more");
  private static final TableName COUNTER = new TableName(Theatre.SCHEMA, "counter");

  @TempDir Path here;
  private Target target;
  private Theatre theatre;

  @BeforeEach
  void migrate() {
    target = TestServer.fresh("lost");
    theatre = new Theatre(target, here).migrated();
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private Cli.Result quick(int status, String... arguments) {
    return theatre.run(
        status,
        Stream.concat(Stream.of(arguments), Stream.of("--yes", "--no-backup"))
            .toArray(String[]::new));
  }

  private void fourth(String script, String undo) {
    theatre.script("V4__more.sql", script);
    theatre.undo("U4__more.sql", undo);
    theatre.start("13.12.0");
  }

  private void seats(int count) {
    theatre.sql(
        "insert into %s select g, 'n' || g from generate_series(1, %d) g"
            .formatted(Theatre.SEATS, count));
  }

  @Test
  void repeatableMigrationsThatNeedWhatIsHeldRunAgainWhenItIsReopened() {
    theatre.script("R__all.sql", "create or replace view all_more as select * from more;");
    fourth("create table more (id int);", "drop table more cascade;");

    Cli.Result result = quick(0, "4", "--hold");
    assertThat(result.out()).contains("R__all stays recorded");
    for (String version : FlywayVersion.ALL) {
      assertThat(theatre.start(version)).as(version).isZero();
    }
    assertThat(theatre.exists("all_more")).isFalse();

    assertThat(theatre.run(0, "4", "--reopen", "--yes").err()).contains("R__all");
    assertThat(theatre.start("13.12.0")).isEqualTo(2);
    assertThat(theatre.exists("all_more")).isTrue();
  }

  @Test
  void aReplayLeavesOutRepeatableMigrationsThatNeedWhatIsHeldUntilTheyAreRunAgain() {
    theatre.script("R__all.sql", "create or replace view all_more as select * from more;");
    fourth("create table more (id int);", "drop table more cascade;");
    quick(0, "4", "--hold");

    assertThat(theatre.cli(target).expect(0, "validate-schema", "stage").out())
        .contains("note: R__all went with a migration that is held");
    assertThat(quick(0, "3", "--hold").out()).doesNotContain("R__all");

    theatre.script("R__all.sql", "create or replace view all_more as select 1 as one;");
    theatre.cli(target).expect(0, "validate-schema", "stage");
    theatre.start("13.12.0");
    assertThat(theatre.exists("all_more")).isTrue();
    assertThat(theatre.cli(target).expect(0, "validate-schema", "stage").out())
        .doesNotContain("R__all");
  }

  @Test
  void sequencesAreWhereTheyWereAfterARollback() {
    fourth("create sequence counter;", "select setval('counter', 1); delete from " + Theatre.SEATS);
    theatre.sql("select setval('" + COUNTER.toString().replace("'", "''") + "', 500)");
    seats(3);
    assertThat(quick(11, "4", "--unproven").err()).contains("--accept-loss 3");
    assertThat(theatre.number("select last_value from " + COUNTER)).isEqualTo(500);

    theatre.undo("U4__more.sql", "select setval('counter', 1, false); select nonsense;");
    quick(13, "4", "--unproven");
    assertThat(theatre.number("select nextval('%s')".formatted(COUNTER))).isEqualTo(501);

    theatre.undo("U4__more.sql", "select setval('counter', 7);");
    assertThat(quick(20, "4", "--unproven").out())
        .contains("counter is lower than before, where it was at 501");
  }

  @Test
  void convertedValuesAreCounted() {
    fourth(
        "alter table " + Theatre.SEATS + " alter price type float8;",
        "alter table " + Theatre.SEATS + " alter price type numeric using 0;");
    seats(10);
    theatre.sql("update " + Theatre.SEATS + " set price = id where id <= 6");
    assertThat(quick(11, "4", "--dry-run").err()).contains("--accept-loss 6");
    assertThat(quick(0, "4", "--accept-loss", "6").out()).contains("6 rows or values");

    theatre.script("V5__same.sql", "select 1;");
    theatre.undo(
        "U5__same.sql",
        "alter table " + Theatre.SEATS + " alter name type text using 'gone', add x int;");
    theatre.start("13.12.0");
    assertThat(quick(11, "5", "--unproven").err()).contains("--accept-loss 10");
  }

  @Test
  void tablesThatAreEmptiedAndFilledAgainAreLosses() {
    fourth(
        "select 1;",
        "truncate %1$s; insert into %1$s select g from generate_series(1, 3) g;"
            .formatted(Theatre.SEATS));
    seats(3);
    assertThat(quick(11, "4").err()).contains("--accept-loss 3");

    theatre.undo(
        "U4__more.sql",
        "alter table %1$s add x float default random(); insert into %1$s (id) values (99);"
            .formatted(Theatre.SEATS));
    quick(20, "4", "--unproven");
    assertThat(theatre.number("select count(name) from " + Theatre.SEATS)).isEqualTo(3);
  }

  @Test
  void removedRowsAreCountedWhereTheServerDoesNotCount() {
    fourth("select 1;", "delete from " + Theatre.SEATS);
    seats(3);
    theatre.sql("alter database " + new Identifier(target.database()) + " set track_counts = off");
    assertThat(quick(11, "4").err()).contains("--accept-loss 3");
    theatre.undo("U4__more.sql", "set local track_counts = off; delete from " + Theatre.SEATS);
    assertThat(quick(11, "4").err()).contains("track_counts");
  }

  @Test
  void whatTheDatabaseSetsForTransactionsIsNotHeeded() {
    for (String setting :
        List.of(
            "default_transaction_isolation = 'repeatable read'",
            "default_transaction_deferrable = on")) {
      theatre.sql("alter database " + new Identifier(target.database()) + " set " + setting);
    }
    try (Database session = theatre.open()) {
      String found =
          session.inTransaction(
              () ->
                  session.text(
                      "select current_setting('transaction_isolation') || ' '"
                          + " || current_setting('transaction_deferrable')"));
      assertThat(found).isEqualTo("read committed off");
    }
  }

  @Test
  void reopeningBelowWhatWasAppliedMeanwhileSaysThatApplicationsDoNotStart() {
    quick(0, "3", "--hold");
    theatre.script("V4__more.sql", "create table more (id int);");
    theatre.start("13.12.0");
    Cli.Result result = theatre.run(0, "3", "--reopen", "--yes");
    assertThat(result.err()).contains("no application that has V3__plays starts any more");
    assertThat(result.out()).contains("does not start");
  }

  @Test
  void anUndoThatCouldNotBeTriedHasToBeAskedFor() throws IOException {
    Files.delete(here.resolve("db/V1__seats.sql"));
    assertThat(quick(11, "3").err()).contains("could not be tried", "--unproven");
    Cli.Result result = quick(0, "3", "--unproven");
    assertThat(result.err()).contains("the schema is not compared");
    assertThat(result.out()).contains("the schema is not compared");
  }

  @Test
  void withoutRoomForAProofThatNobodyInsistsOnNoneIsMade() {
    assertThat(cramped(0, "3", "--dry-run").err()).contains("proven in a scratch database");
    assertThat(cramped(0, "3", "--unproven", "--dry-run").err())
        .contains("a proof in scratch databases is made only where there are")
        .contains("! what is lost is not known, since the undo was not tried")
        .contains("to have it proven: free disk space, or ");
    cramped(0, "3", "--unproven");
    assertThat(theatre.exists("plays")).isFalse();
  }

  @Test
  void whatRepeatableMigrationsMadeIsSaidNotToBeLookedAtWithoutAProof() {
    theatre.script("R__all.sql", "create or replace view all_more as select * from more;");
    fourth("create table more (id int);", "drop table more cascade;");

    assertThat(cramped(11, "4", "--unproven", "--hold").err())
        .contains("whether something goes that R__all made is not known")
        .contains("scratch.server=other", "leave --hold out");
    assertThat(theatre.exists("all_more")).isTrue();

    Cli.Result result = cramped(0, "4", "--unproven");
    String words = "whether something goes that R__all made is not looked at";
    assertThat(result.err()).contains("! " + words);
    assertThat(result.out()).contains(words, "belay validate-schema ");
    theatre.start("13.12.0");
    assertThat(theatre.exists("all_more")).isFalse();
    assertThat(theatre.cli(target).run("validate-schema", "stage").out()).contains("all_more");
  }

  @Test
  void whatFailsInAScratchDatabaseIsNotHeldWhereRepeatableMigrationsMayGo() {
    theatre.script("R__all.sql", "create or replace view all_more as select * from more;");
    fourth("create table more (id int);", "drop table more cascade; select * from by_hand;");

    assertThat(quick(11, "4", "--unproven", "--hold").err())
        .contains("whether something goes that R__all made is not known")
        .contains("mend the undo scripts, or leave --hold out");
  }

  /** A name by which nobody takes the server's disks for this machine's. */
  private Cli.Result cramped(int status, String... arguments) {
    return theatre
        .cli(target)
        .with("PGHOST", "LOCALHOST")
        .expect(
            status,
            Stream.of(
                    Stream.of("rollback-migration", "--yes", "--no-backup"),
                    Stream.of(arguments),
                    Stream.of("--set", "scratch.room=1MB"))
                .flatMap(each -> each)
                .toArray(String[]::new));
  }

  @Test
  void whatIsCountedIsRefusedThoughOthersAreNotYet() {
    fourth(
        "create table more (id int);",
        "drop table more; delete from " + Theatre.SEATS + " where id = 1;");
    theatre.sql("insert into " + MORE + " values (1), (2)");
    assertThat(quick(11, "4", "--dry-run").err()).contains("--accept-loss 2");
  }
}
