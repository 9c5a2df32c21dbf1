package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Secret;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.projects.Project;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a project, the replay says so and leaves nothing behind. */
class ReplayFaultsIT {
  private static final String NOTHING_LEFT =
      """
      select 'database ' || datname from pg_database
       where datname like 'belay\\_%' or datname = 'belay wild database'
      union all
      select 'prepared ' || gid from pg_prepared_xacts
      union all
      select 'role ' || rolname from pg_roles where rolname = 'belay_wild_role'
      union all
      select 'session ' || application_name || ' with ' || datname from pg_stat_activity
       where datname like 'belay\\_%'
      """;

  @TempDir Path folder;
  private ReplayRig rig;

  @BeforeEach
  void open() {
    rig = new ReplayRig(folder);
  }

  @AfterEach
  void close() {
    rig.close();
    assertThat(left()).isEmpty();
  }

  private static List<String> left() {
    try (Database session = admin()) {
      return session.list(NOTHING_LEFT, row -> row.getString(1));
    }
  }

  private static Database admin() {
    return new JdbcDatabases("belay-test").open(TestServer.admin());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          broken-sql             | FAILED  | V2__half_right.sql, line | payed
          extension-missing      | FAILED  | V2__extension.sql, line  | no_such_extension_anywhere
          commit-in-the-middle   | FAILED  | V2__commits.sql, line    | division by zero
          procedure-that-commits | FAILED  | V3__call_in_a_transaction.sql, line | invalid transaction termination
          psql-commands          | FAILED  | V2__copy.sql, line       | syntax error
          missing-placeholder    | FAILED  | V2__placeholder.sql      | nobody_knows
          another-user           | FAILED  | V2__somebody_else.sql    | permission denied
          role                   | REFUSED | V2__role.sql             | roles
          database               | REFUSED | V2__database.sql         | CREATE DATABASE
          latin1                 | FAILED  | V2__comment.sql          | encoding
          same-version           | FAILED  | V2__one.sql              | V2.0__other.sql
          """)
  void isSaidWithItsFileAndLeavesNothing(
      String project, ExitCode exitCode, String file, String reason) throws IOException {
    copy(project);

    Failure failure = fails();

    assertThat(failure.message()).contains(file).contains(reason);
    assertThat(failure.exitCode()).isEqualTo(exitCode);
    assertThat(failure.hint()).isNotBlank();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          waits-for-ever   | V2__sleeps.sql   | pg_sleep
          waits-for-itself | V2__prepared.sql | behind_the_prepared_one
          """)
  void isEndedWhenItTakesTooLong(String project, String file, String statement) throws IOException {
    copy(project);
    rig.set("scratch.timeout", "3s");

    Failure failure = fails();

    assertThat(failure.message()).contains(file, statement, "did not end within");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void aMigrationThatLetsGoFlywaysLockIsReplayedToItsEnd() throws IOException {
    copy("session-state");

    Recording recording = rig.recording(ReplayPlan.Reach.EVERYTHING);

    assertThat(recording.pending()).hasSize(4);
    assertThat(recording.notes()).anySatisfy(note -> assertThat(note).contains("V3__discard"));
  }

  @Test
  void aProcedureThatCommitsIsReplayedWhereItCannotReachBeyond() throws IOException {
    copy("procedure-that-may-commit");

    assertThat(rig.recording(ReplayPlan.Reach.EVERYTHING).pending()).hasSize(3);
  }

  @Test
  void aMigrationThatEndsItsTransactionIsRecordedFromItsBeginning() throws IOException {
    rig.write(
        "V1__a.sql",
        "create table a (id int); insert into a values (1); commit;"
            + " create table b (id int); insert into b values (1), (2);");

    RecordedMigration migration = rig.recording(ReplayPlan.Reach.EVERYTHING).pending().get(0);

    assertThat(migration.inTransaction()).isFalse();
    assertThat(migration.created())
        .extracting(RecordedObject::identity)
        .contains("public.a", "public.b");
    assertThat(migration.rows()).extracting(RowsChanged::inserted).containsExactly(1L, 2L);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          alter role "%1$s" password 'stolen';                                             | true
          alter role "%1$s" password 'stolen'; commit;                                     | true
          alter role "%1$s" password 'stolen';                                             | false
          do $$ begin execute concat('alter role "%1$s" pass', 'word ''stolen'''); commit; end $$; | false
          alter role "%1$s" set work_mem = '1MB';                                          | true
          alter database "%2$s" set work_mem = '1MB';                                      | true
          alter database "%2$s" rename to "belay wild database";                           | true
          alter database "%2$s" connection limit 1;                                        | false
          comment on role "%1$s" is 'stolen';                                              | true
          alter system set work_mem = '1MB';                                               | false
          drop database "%2$s";                                                            | false
          """)
  void whatTheServerSharesStaysAsItIs(String sql, boolean transaction) throws IOException {
    String role = "belay stranger";
    String database = TestServer.fresh("other").database();
    try (Database admin = admin()) {
      try {
        admin.execute("create role " + new Identifier(role) + " password 'mine'");
        String before = shared(admin);
        String statement =
            sql.replace("\"%1$s\"", new Identifier(role).toString())
                .replace("\"%2$s\"", new Identifier(database).toString());
        rig.write("V1__table.sql", "create table t (id int);").write("V2__reaches.sql", statement);
        if (!transaction) {
          rig.write("db/migration/V2__reaches.sql.conf", "executeInTransaction=false\n");
        }

        Failure failure = fails();

        assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(failure.message()).contains("V2__reaches.sql");
        assertThat(failure.hint()).contains("scratch.server=embedded");
        assertThat(shared(admin)).isEqualTo(before);
      } finally {
        TestServer.drop(TestServer.admin().withDatabase(database));
        admin.execute("drop role if exists " + new Identifier(role));
      }
    }
  }

  private static String shared(Database admin) {
    return admin.text(
        """
        select concat_ws(' ',
          (select string_agg(a::text, ' ' order by a.oid) from pg_authid a),
          (select string_agg(d.datname || d.datconnlimit, ' ' order by d.oid) from pg_database d),
          (select string_agg(s::text, ' ') from pg_db_role_setting s),
          (select string_agg(s::text, ' ') from pg_shdescription s))
        """);
  }

  @Test
  void whatAMigrationSaysOfItsOwnDatabaseIsNotRefused() throws IOException {
    rig.write(
        "V1__own.sql",
        "alter database \"${flyway:database}\" set work_mem = '8MB';"
            + " comment on database \"${flyway:database}\" is 'own';");

    assertThat(rig.recording(ReplayPlan.Reach.EVERYTHING).pending()).hasSize(1);
  }

  @Test
  void withoutTheRightToCreateDatabasesItSaysSo() throws IOException {
    rig.write("V1__a.sql", "create table a (id int);");
    asRole(
        "",
        () -> {
          Failure failure = fails();

          assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
          assertThat(failure.message()).contains("permission denied to create database");
        });
  }

  @Test
  void aRoleThatMayOnlyReadAndCreateDatabasesReplays() throws IOException {
    rig.write("V1__a.sql", "create table a (id int);").migrate();
    rig.write("V2__b.sql", "create index concurrently i on a (id);");
    asRole(
        "createdb in role pg_read_all_data",
        () -> {
          Recording recording = rig.recording(ReplayPlan.Reach.EVERYTHING);

          assertThat(recording.applied()).hasSize(1);
          assertThat(recording.pending().get(0).locks())
              .extracting(lock -> lock.strongest() + " " + lock.relation().identity())
              .containsExactly("SHARE_UPDATE_EXCLUSIVE public.a");
        });
  }

  private void asRole(String options, Runnable work) {
    String role = "belay \"reader\"";
    try (Database admin = admin()) {
      try {
        String password = admin.target().password().map(Secret::reveal).orElse("none");
        admin.execute(
            "create role %s login password %s %s"
                .formatted(new Identifier(role), Identifier.literal(password), options));
        rig.as(role);
        work.run();
      } finally {
        admin.execute("drop role if exists " + new Identifier(role));
      }
    }
  }

  private Failure fails() {
    String before = live();
    Failure failure =
        catchThrowableOfType(Failure.class, () -> rig.recording(ReplayPlan.Reach.EVERYTHING));
    assertThat(failure).isNotNull();
    assertThat(live()).isEqualTo(before);
    return failure;
  }

  /** All objects of the live database, and when each was last written. */
  private String live() {
    try (Database session = rig.open()) {
      return session.text(
          "select string_agg(oid::text || xmin::text, ' ' order by oid) from pg_class");
    }
  }

  private void copy(String project) throws IOException {
    Path from = Project.named("broken/" + project).folder();
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(from.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }
}
