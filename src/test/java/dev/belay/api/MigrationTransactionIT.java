package dev.belay.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.process.ShellWords;
import dev.belay.support.ChildJvm;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** The Java API against a real server. */
class MigrationTransactionIT {
  @TempDir private Path home = Path.of("");
  private Target live = TestServer.admin();

  @BeforeEach
  void make() {
    live = TestServer.fresh("api");
    sql(
        "create table public.customers (id integer generated always as identity primary key, name"
            + " text unique)",
        "insert into public.customers (name) select 'old ' || g from generate_series(1, 20) g");
  }

  @AfterEach
  void drop() {
    TestServer.drop(live);
  }

  private void sql(String... statements) {
    try (Database session = new JdbcDatabases("test").open(live)) {
      List.of(statements).forEach(session::execute);
    }
  }

  private long number(String query) {
    try (Database session = new JdbcDatabases("test").open(live)) {
      return session.number(query);
    }
  }

  private String url() {
    return "jdbc:postgresql://%s:%d/%s"
        .formatted(
            live.host(),
            live.port(),
            URLEncoder.encode(live.database(), StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private String password() {
    return live.password().map(Secret::reveal).orElse("none");
  }

  private MigrationOptions options() {
    return MigrationTransaction.on(url(), live.user(), password())
        .named("import")
        .tables("public.customers")
        .in(home);
  }

  private static void insert(Connection connection, String name) throws SQLException {
    try (var statement =
        connection.prepareStatement("insert into public.customers (name) values (?)")) {
      statement.setString(1, name);
      statement.executeUpdate();
    }
  }

  private static Stream<String> names(int count, int everyNthFails) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(n -> everyNthFails > 0 && n % everyNthFails == 0 ? "old 1" : "new " + n);
  }

  @Test
  void whatAnotherMigrationThrowsInTheWorkOfARecordBringsThisOneBackAtOnce() {
    try (MigrationTransaction migration = options().open()) {
      migration.forEach(names(3, 0), MigrationTransactionIT::insert);
      TooManyFailuresException another =
          new TooManyFailuresException(
              "too many elsewhere", "unchanged", "mend it", migration.statistics(), null);

      assertThatThrownBy(
              () ->
                  migration.forEach(
                      List.of("nested"),
                      (connection, record) -> {
                        throw another;
                      }))
          .isSameAs(another);

      assertThat(number("select count(*) from public.customers")).isEqualTo(20);
      assertThatThrownBy(migration::complete).hasMessageContaining("the migration is over");
    }
  }

  @Test
  void aMigrationWithFewFailuresStaysAndIsCounted() {
    MigrationStatistics statistics;
    try (MigrationTransaction migration = options().open()) {
      migration.forEach(names(250, 20), MigrationTransactionIT::insert);
      migration.complete();
      statistics = migration.statistics();
    }

    assertThat(statistics.attempted()).isEqualTo(250);
    assertThat(statistics.failed()).isEqualTo(12);
    assertThat(statistics.succeeded()).isEqualTo(238);
    assertThat(statistics.batches()).isEqualTo(3);
    assertThat(statistics.failuresBySqlState()).isEqualTo(Map.of("23505", 12L));
    assertThat(number("select count(*) from public.customers")).isEqualTo(258);
    assertThat(new Cli(home).expect(0, "audit").out()).contains("migration-transaction", "OK (0)");
    assertThat(new Cli(home).expect(0, "rollback-point", "list").out())
        .contains("rp_import_", "ready");
  }

  @Test
  void tooManyFailuresBringEverythingBackAndTellWhy() {
    MigrationTransaction migration = options().open();
    TooManyFailuresException told =
        catchThrowableOfType(
            TooManyFailuresException.class,
            () -> migration.forEach(names(1000, 5), MigrationTransactionIT::insert));
    migration.close();

    assertThat(told.statistics().attempted()).isEqualTo(100);
    assertThat(told.statistics().failed()).isEqualTo(20);
    assertThat(told.getMessage()).contains("20 of 100 records failed", "23505", "rp_before_import");
    assertThat(told.getCause()).isInstanceOf(SQLException.class);
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
    assertThat(new Cli(home).expect(0, "audit").out()).contains("FAILED (13)");
    assertThatThrownBy(migration::complete).isInstanceOf(MigrationException.class);
  }

  @Test
  void theThresholdIsLookedAtAtTheEndOfAShortRun() {
    MigrationTransaction migration = options().failureThreshold(0.5).open();
    assertThatThrownBy(
            () -> migration.forEach(List.of("a", "old 1", "old 2"), MigrationTransactionIT::insert))
        .isInstanceOf(TooManyFailuresException.class);
    migration.close();
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
  }

  @Test
  void anExceptionOrAForgottenCompleteBringsEverythingBack() {
    assertThatThrownBy(
            () -> {
              try (MigrationTransaction migration = options().open()) {
                migration.forEach(names(150, 0), MigrationTransactionIT::insert);
                throw new IllegalStateException("of the caller");
              }
            })
        .isInstanceOf(IllegalStateException.class);
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);

    try (MigrationTransaction migration = options().open()) {
      migration.forEach(names(10, 0), MigrationTransactionIT::insert);
    }
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
  }

  @Test
  void theWorkCannotEndTheTransaction() {
    try (MigrationTransaction migration = options().failureThreshold(1).open()) {
      migration.forEach(List.of(1), (connection, record) -> assertRefused(connection));
      assertThat(migration.statistics().failed()).isZero();
      MigrationException broken =
          catchThrowableOfType(
              MigrationException.class,
              () ->
                  migration.forEach(
                      List.of(1),
                      (connection, record) -> {
                        insert(connection, "committed by itself");
                        try (Statement statement = connection.createStatement()) {
                          statement.execute("commit");
                        }
                      }));
      assertThat(broken.state()).contains("as at the rollback point");
    }
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
  }

  private static void assertRefused(Connection connection) {
    assertThatThrownBy(connection::commit).isInstanceOf(SQLFeatureNotSupportedException.class);
    assertThatThrownBy(connection::rollback).isInstanceOf(SQLFeatureNotSupportedException.class);
    assertThatThrownBy(connection::close).isInstanceOf(SQLFeatureNotSupportedException.class);
  }

  @Test
  void aSecondOneIsToldWhoIsAtWork() {
    try (MigrationTransaction first = options().open()) {
      MigrationException second =
          catchThrowableOfType(MigrationException.class, () -> options().open());
      assertThat(second.getMessage()).contains("migration-transaction by");
      assertThatThrownBy(
              () ->
                  first.forEach(
                      List.of(1), (connection, record) -> first.forEach(List.of(2), (c, r) -> {})))
          .isInstanceOf(MigrationException.class)
          .hasMessageContaining("forEach of its own");
    }
    try (MigrationTransaction migration = options().open()) {
      assertThatThrownBy(
              () ->
                  migration.forEach(
                      List.of("a"),
                      (connection, name) -> {
                        insert(connection, name);
                        migration.complete();
                      }))
          .isInstanceOf(MigrationException.class)
          .hasMessageContaining("complete of its own");
    }
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
  }

  @Test
  void aLostConnectionBringsBackWhatWasCommitted() {
    MigrationTransaction migration = options().open();
    MigrationException lost =
        catchThrowableOfType(
            MigrationException.class,
            () ->
                migration.forEach(
                    names(300, 0),
                    (connection, name) -> {
                      if (name.equals("new 150")) {
                        try (Statement statement = connection.createStatement()) {
                          statement.execute("select pg_terminate_backend(pg_backend_pid())");
                        }
                      }
                      insert(connection, name);
                    }));
    migration.close();

    assertThat(lost.state()).contains("as at the rollback point");
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
  }

  @Test
  void aDeferredConstraintFailsItsWholeBatch() {
    sql(
        "create table public.children (parent integer references public.customers deferrable"
            + " initially deferred)");
    try (MigrationTransaction migration =
        options().tables("public.children").batchSize(10).failureThreshold(1).open()) {
      migration.forEach(
          IntStream.rangeClosed(1, 30).boxed(),
          (connection, number) -> {
            try (Statement statement = connection.createStatement()) {
              statement.execute(
                  "insert into public.children values (" + (number == 15 ? -1 : 1) + ")");
            }
          });
      migration.complete();
      assertThat(migration.statistics().succeeded()).isEqualTo(20);
      assertThat(migration.statistics().failuresBySqlState()).isEqualTo(Map.of("23503", 10L));
    }
    assertThat(number("select count(*) from public.children")).isEqualTo(20);
  }

  @Test
  void aDataSourceIsUsedForEverything() {
    PGSimpleDataSource source = source();

    try (MigrationTransaction migration =
        MigrationTransaction.on(source)
            .named("source")
            .tables("public.customers")
            .in(home)
            .open()) {
      migration.forEach(names(150, 0), MigrationTransactionIT::insert);
    }
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
    TestServer.awaitEndOfRuns();
  }

  private PGSimpleDataSource source() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {live.host()});
    source.setPortNumbers(new int[] {live.port()});
    source.setDatabaseName(live.database());
    source.setUser(live.user());
    live.password().ifPresent(secret -> source.setPassword(secret.reveal()));
    return source;
  }

  @Test
  void aPoolOfFiveIsEnoughAndGetsItsSessionsBackAsTheyWere() throws Exception {
    Files.writeString(home.resolve("belay.yaml"), "jobs: 8\n");
    SmallPool pool = new SmallPool(source(), 5);
    sql("create table public.other as select g from generate_series(1, 1000) g");
    try (MigrationTransaction migration =
        MigrationTransaction.on(pool.source())
            .tables("public.customers", "public.other")
            .in(home)
            .open()) {
      migration.forEach(
          names(150, 0),
          (connection, name) -> {
            insert(connection, name);
            try (Statement statement = connection.createStatement()) {
              statement.execute("set search_path = nowhere");
              statement.execute("delete from public.other where g = 1");
            }
          });
    }

    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
    assertThat(number("select count(*) from public.other")).isEqualTo(1000);
    assertThat(pool.most()).isLessThanOrEqualTo(5);
    for (Connection each : pool.idle()) {
      assertThat(each.getAutoCommit()).isTrue();
      try (Statement statement = each.createStatement();
          var row = statement.executeQuery("select current_setting('search_path')")) {
        assertThat(row.next()).isTrue();
        assertThat(row.getString(1)).contains("public");
      }
    }
    pool.close();
  }

  @Test
  void anInterruptedThreadBringsEverythingBackAndCompletes() {
    MigrationTransaction migration = options().open();
    assertThatThrownBy(
            () ->
                migration.forEach(
                    names(150, 0),
                    (connection, name) -> {
                      insert(connection, name);
                      if (name.equals("new 120")) {
                        throw new InterruptedException();
                      }
                    }))
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("as at the rollback point");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);

    try (MigrationTransaction next = options().open()) {
      next.forEach(names(10, 0), MigrationTransactionIT::insert);
      Thread.currentThread().interrupt();
      next.complete();
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(number("select count(*) from public.customers")).isEqualTo(30);
    assertThat(new Cli(home).expect(0, "audit").out())
        .contains("OK (0)", "FAILED (13)")
        .doesNotContain("NO_END", "RUNNING");
  }

  @Test
  void aTriggerThatChangesWhatIsWrittenIsSwitchedOffToBringBack() {
    sql(
        "alter table public.customers add updated_at timestamptz default '2020-01-01'",
        "create function public.touch() returns trigger language plpgsql as"
            + " $$ begin new.updated_at := clock_timestamp(); return new; end $$",
        "create trigger touch before update on public.customers for each row execute function"
            + " public.touch()");
    try (MigrationTransaction migration = options().open()) {
      migration.forEach(
          List.of(1, 2, 3),
          (connection, id) -> {
            try (Statement statement = connection.createStatement()) {
              statement.execute("update public.customers set name = name || '!' where id = " + id);
            }
          });
    }
    assertThat(number("select count(*) from public.customers where updated_at = '2020-01-01'"))
        .isEqualTo(20);
    assertThat(number("select count(*) from pg_trigger where tgname = 'touch' and tgenabled = 'O'"))
        .isEqualTo(1);
  }

  @Test
  void anErrorThatTheWorkPassesOverFailsItsRecordOnly() {
    try (MigrationTransaction migration = options().failureThreshold(1).open()) {
      migration.forEach(
          List.of("a", "old 1", "b"),
          (connection, name) -> {
            try {
              insert(connection, name);
            } catch (SQLException passedOver) {
              // As programs do.
            }
          });
      migration.complete();
      assertThat(migration.statistics().succeeded()).isEqualTo(2);
      assertThat(migration.statistics().failuresBySqlState()).isEqualTo(Map.of("25P02", 1L));
    }
    assertThat(number("select count(*) from public.customers")).isEqualTo(22);
  }

  @Test
  void aSmallBatchIsNoReasonToGiveUpEarly() {
    try (MigrationTransaction migration = options().batchSize(1).failureThreshold(0.5).open()) {
      migration.forEach(List.of("old 1", "a", "b"), MigrationTransactionIT::insert);
      migration.complete();
    }
    assertThat(number("select count(*) from public.customers")).isEqualTo(22);
  }

  @Test
  void whatOthersWroteAndWentIsNotCalledUnchanged() {
    try (MigrationTransaction migration = options().open()) {
      sql("insert into public.customers (name) values ('of somebody else')");
      assertThat(migration.statistics().attempted()).isZero();
    }
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
    assertThat(new Cli(home).expect(0, "audit", "--output", "json").out())
        .containsPattern("\"databaseChanged\"\\s*:\\s*true");
  }

  @Test
  void whatCannotBeBroughtBackSaysSoAndKeepsTheFirstCause() throws IOException {
    MigrationTransaction migration = options().open();
    Path data = home.resolve("data_exports").resolve(migration.rollbackPoint() + ".json");
    MigrationException broken =
        catchThrowableOfType(
            MigrationException.class,
            () ->
                migration.forEach(
                    names(150, 0),
                    (connection, name) -> {
                      insert(connection, name);
                      if (name.equals("new 120")) {
                        Files.delete(data);
                        throw new StackOverflowError("the first cause");
                      }
                    }));

    assertThat(broken.state()).contains("what was committed of the migration");
    assertThat(Objects.requireNonNull(broken.getCause()).getSuppressed())
        .singleElement()
        .isInstanceOf(StackOverflowError.class);
    assertThat(new Cli(home).expect(0, "audit").out()).contains("INCOMPLETE (20)");
  }

  @Test
  void whatCannotBeOpenedSaysWhy() {
    assertThatThrownBy(() -> options().tables("public.nothing").open())
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("no table is meant by 'public.nothing'");
    assertThatThrownBy(
            () ->
                MigrationTransaction.on("jdbc:postgresql://127.0.0.1:1/x", "u", "p")
                    .tables("public.t")
                    .in(home)
                    .open())
        .isInstanceOf(MigrationException.class)
        .hasMessageContaining("cannot connect");
    assertThatThrownBy(() -> options().batchSize(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options().failureThreshold(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
  }

  @Test
  void afterAKillThePointBringsEverythingBack() {
    ChildJvm.Result killed =
        ChildJvm.run(
            "",
            KilledMigration.class,
            home,
            Map.of(),
            url(),
            live.user(),
            password(),
            home.toString());
    assertThat(killed.status()).as(killed.output()).isEqualTo(137);
    assertThat(number("select count(*) from public.customers")).isGreaterThan(20);

    Cli cli = new Cli(home).on(live);
    assertThat(cli.expect(0, "audit").out()).contains("its process is gone");
    String told =
        cli.expect(0, "rollback-point", "execute", "latest", "--yes", "--wait", "30s").err();
    assertThat(told)
        .contains("'migrate'; bring its tables back with: belay rollback-point execute rp_killed_")
        .doesNotContain("password=");
    Matcher hint = Pattern.compile("belay (rollback-point execute rp_killed_.*)").matcher(told);
    assertThat(hint.find()).isTrue();
    List<String> pasted = new ArrayList<>(ShellWords.split(hint.group(1)));
    assertThat(pasted).contains("--url");
    pasted.add("--dry-run");
    // The environment names no database: the hint does.
    assertThat(
            new Cli(home)
                .with("PGPASSWORD", password())
                .expect(0, pasted.toArray(String[]::new))
                .out())
        .contains(live.database());
    assertThat(number("select count(*) from public.customers")).isEqualTo(20);
  }

  @Test
  void theExampleInTheDocumentationRuns() throws IOException {
    sql("delete from public.customers");
    String page = Files.readString(Path.of("docs/api.md"));
    int from = page.indexOf("```java\n") + "```java\n".length();
    Path source = home.resolve("ImportCustomers.java");
    Files.writeString(source, page.substring(from, page.indexOf("```", from)));

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(
            compiler.run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                home.toString(),
                source.toString()))
        .isZero();
    ChildJvm.Result ran =
        ChildJvm.run(home, "ImportCustomers", url(), live.user(), password(), home.toString());

    assertThat(ran.status()).as(ran.output()).isZero();
    assertThat(ran.output())
        .contains("1000 attempted, 950 succeeded, 50 failed {23505=50}, 10 batches");
    assertThat(number("select count(*) from public.customers")).isEqualTo(950);
  }
}
