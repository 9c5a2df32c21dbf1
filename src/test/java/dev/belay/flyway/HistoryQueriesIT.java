package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Await;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading what the real Flyway wrote, and seeing it at work. */
class HistoryQueriesIT {
  private static final String SCHEMA = "med \"x\"; --";
  private static final String TABLE = "Schema History";

  private final JdbcDatabases databases = new JdbcDatabases("belay-test");
  private Target target = TestServer.admin();

  @BeforeEach
  void create() {
    target = TestServer.fresh("history");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void aMissingTableIsAnAnswer() {
    try (Database database = databases.open(target)) {
      MigrationHistory history =
          database.inTransaction(() -> HistoryQueries.read(database, app(Path.of("/nowhere"))));

      assertThat(history.present()).isFalse();
      assertThat(history.rows()).isEmpty();
      assertThat(history.currentVersion()).isNull();
      assertThat(database.number("select 1")).isEqualTo(1);
    }
  }

  @Test
  void readsWhatFlywayWrote(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("V1__a_table.sql"), "create table t (n integer);");
    Files.writeString(folder.resolve("R__view.sql"), "select 1;");
    Instant before = Instant.now().minus(Duration.ofDays(1));
    flyway(folder).migrate();

    try (Database database = databases.open(target)) {
      MigrationHistory history = HistoryQueries.read(database, app(folder));

      assertThat(history.present()).isTrue();
      assertThat(history.currentVersion()).isEqualTo("1");
      AppliedMigration first =
          history.rows().stream().filter(row -> row.version() != null).findFirst().orElseThrow();
      assertThat(first.description()).isEqualTo("a table");
      assertThat(first.script()).isEqualTo("V1__a_table.sql");
      assertThat(first.installedBy()).isEqualTo(target.user());
      assertThat(first.installedOn()).isAfter(before);
      assertThat(first.success()).isTrue();
      assertThat(MigrationScripts.scan(app(folder), target).migrations().get(0).checksum())
          .isEqualTo(first.checksum());
    }
  }

  @Test
  void refusesATableThatIsNoHistory() {
    try (Database database = databases.open(target)) {
      database.execute("create table public.flyway_schema_history (version text)");
      AppSettings app = Rows.app(List.of(), List.of(), Map.of());

      assertThatThrownBy(() -> HistoryQueries.read(database, app))
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> {
                assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
                assertThat(failure.message()).contains("installed_rank").contains("success");
              });
    }
  }

  @Test
  void seesWhoMigratesNow(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("V1__wait.sql"), "insert into public.gate values (1);");
    try (Database holder = databases.open(target);
        Database watcher = databases.open(target)) {
      holder.execute("create table public.gate (n integer)");
      assertThat(FlywayLock.holder(watcher, app(folder))).isEmpty();
      holder.execute("begin");
      holder.execute("lock table public.gate");

      CompletableFuture<Object> migration =
          CompletableFuture.supplyAsync(() -> flyway(folder).migrate());
      LockHolder seen =
          Await.first(
              "a holder of Flyway's lock",
              () -> FlywayLock.holder(watcher, app(folder)),
              migration);
      holder.rollback();
      migration.get(60, TimeUnit.SECONDS);

      assertThat(seen.user()).isEqualTo(target.user());
      assertThat(seen.application()).isNotEmpty();
      assertThat(seen.since()).isNotNull();
      assertThat(seen.toString()).contains("pid " + seen.pid());
      assertThat(FlywayLock.holder(watcher, app(folder))).isEmpty();
    }
  }

  @Test
  void theKeyIsTheOneThatWasMeasured() {
    assertThat(FlywayLock.key(Rows.app(List.of(), List.of(), Map.of()))).isEqualTo(77433833903597L);
  }

  private static AppSettings app(Path folder) {
    return new AppSettings(
        "ours",
        List.of(SCHEMA),
        List.of(),
        List.of("filesystem:" + folder),
        List.of(),
        SCHEMA,
        TABLE,
        Map.of(),
        Map.of());
  }

  private Flyway flyway(Path folder) {
    return RealFlyway.of(target, app(folder), true);
  }
}
