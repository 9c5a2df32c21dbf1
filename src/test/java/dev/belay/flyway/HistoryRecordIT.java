package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.FlywayVersion;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded here is read by applications with Flyway itself, of four major versions. */
class HistoryRecordIT {
  @TempDir Path folder;
  private final List<Target> made = new ArrayList<>();
  private Path full;
  private Path older;

  @BeforeEach
  void write() throws IOException {
    full = Files.createDirectory(folder.resolve("full"));
    older = Files.createDirectory(folder.resolve("older"));
    for (Path each : List.of(full, older)) {
      Files.writeString(each.resolve("V1__a.sql"), "create table a (id int);");
      Files.writeString(each.resolve("V2__b.sql"), "create table b (id int);");
      Files.writeString(
          each.resolve("R__view.sql"), "create or replace view v as select * from a;");
    }
    Files.writeString(full.resolve("V3__c.sql"), "create table c (id int);");
  }

  @AfterEach
  void drop() {
    made.forEach(TestServer::drop);
  }

  private Target fresh() {
    Target target = TestServer.fresh("record");
    made.add(target);
    return target;
  }

  private static AppSettings app() {
    return new AppSettings(
        "default",
        List.of("public"),
        List.of(),
        List.of(),
        List.of(),
        "public",
        "flyway_schema_history",
        Map.of(),
        Map.of());
  }

  private interface Recording {
    AppliedMigration in(Database session, AppliedMigration row);
  }

  /** In one transaction, under the locks. */
  private static AppliedMigration record(
      Target target, String script, String undo, Recording recording) {
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      return session.inTransaction(
          () -> {
            HistoryLock.take(session, app());
            List<AppliedMigration> rows = HistoryQueries.read(session, app()).rows();
            AppliedMigration row =
                rows.stream()
                    .filter(each -> each.script().equals(script) && !each.isRecord())
                    .reduce((first, second) -> second)
                    .orElseThrow();
            if (!undo.isEmpty()) {
              session.execute(undo);
            }
            return recording.in(session, row);
          });
    }
  }

  private static AppliedMigration reopen(Target target, String script, String undo) {
    return record(
        target,
        script,
        undo,
        (session, row) -> HistoryRecord.reopen(session, app(), row, "anna", 7));
  }

  private static AppliedMigration hold(Target target, String script, String undo) {
    return record(
        target,
        script,
        undo,
        (session, row) -> HistoryRecord.hold(session, app(), row, "U__x.sql", "anna", 7));
  }

  @Test
  void everyFlywayAppliesAReopenedMigrationAgainAndAgain() {
    for (String version : FlywayVersion.ALL) {
      Target target = fresh();
      FlywayVersion flyway = FlywayVersion.of(version, target);
      assertThat(flyway.start(full, Map.of())).as(version).isEqualTo(4);
      for (int cycle = 0; cycle < 2; cycle++) {
        AppliedMigration row = reopen(target, "V3__c.sql", "drop table public.c");
        assertThat(row.type()).isEqualTo("DELETE");
        assertThat(flyway.start(older, Map.of())).as(version).isZero();
        assertThat(flyway.start(full, Map.of())).as(version).isEqualTo(1);
      }
    }
  }

  @Test
  void noFlywayAppliesAHeldMigrationUntilItIsReopened() {
    for (String version : FlywayVersion.ALL) {
      Target target = fresh();
      FlywayVersion flyway = FlywayVersion.of(version, target);
      flyway.start(full, Map.of());
      assertThat(hold(target, "V3__c.sql", "drop table public.c").type()).isEqualTo("UNDO_SCRIPT");
      assertThat(flyway.start(full, Map.of())).as(version).isZero();
      assertThat(flyway.start(older, Map.of())).as(version).isZero();
      reopen(target, "V3__c.sql", "");
      assertThat(flyway.start(full, Map.of())).as(version).isEqualTo(1);
    }
  }

  @Test
  void aChainCanBeHeld() {
    for (String version : FlywayVersion.ALL) {
      Target target = fresh();
      FlywayVersion flyway = FlywayVersion.of(version, target);
      flyway.start(full, Map.of());
      hold(target, "V3__c.sql", "drop table public.c");
      hold(target, "V2__b.sql", "drop table public.b");
      assertThat(flyway.start(full, Map.of())).as(version).isZero();
    }
  }

  @Test
  void aRepeatableMigrationThatIsRecordedAsDeletedRunsAgain() {
    for (String version : FlywayVersion.ALL) {
      Target target = fresh();
      FlywayVersion flyway = FlywayVersion.of(version, target);
      flyway.start(full, Map.of());
      reopen(target, "R__view.sql", "drop view public.v");
      assertThat(flyway.start(full, Map.of())).as(version).isEqualTo(1);
      assertThat(flyway.start(full, Map.of())).as(version).isZero();
    }
  }

  @Test
  void aVersionInTheMiddleNeedsOutOfOrder() {
    for (String version : FlywayVersion.ALL) {
      Target target = fresh();
      FlywayVersion flyway = FlywayVersion.of(version, target);
      flyway.start(full, Map.of());
      reopen(target, "V2__b.sql", "drop table public.b");
      assertThatThrownBy(() -> flyway.start(full, Map.of()))
          .as(version)
          .hasMessageContaining("not applied to database");
      assertThat(flyway.start(full, Map.of("flyway.outOfOrder", "true"))).isEqualTo(1);
    }
  }

  @Test
  void nothingIsDeletedTwice() {
    Target target = fresh();
    FlywayVersion.of("13.12.0", target).start(full, Map.of());
    reopen(target, "V3__c.sql", "drop table public.c");
    assertThatThrownBy(() -> reopen(target, "V3__c.sql", ""))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("not in force any more");
    assertThatThrownBy(() -> hold(target, "V3__c.sql", ""))
        .hasMessageContaining("not in force any more");
    assertThatThrownBy(() -> hold(target, "R__view.sql", "")).hasMessageContaining("repeatable");
  }

  @Test
  void aTableThatSomebodyChangedIsWrittenAllTheSame() {
    Target target = fresh();
    FlywayVersion flyway = FlywayVersion.of("13.12.0", target);
    flyway.start(full, Map.of());
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      session.execute(
          "alter table public.flyway_schema_history add column extra text default 'x',"
              + " alter column installed_rank add generated always as identity,"
              + " alter column installed_on drop default");
    }
    reopen(target, "V3__c.sql", "drop table public.c");
    assertThatThrownBy(() -> flyway.start(full, Map.of())).isNotNull();
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      session.execute(
          "alter table public.flyway_schema_history alter column installed_rank drop identity,"
              + " alter column installed_on set default pg_catalog.now()");
    }
    assertThat(flyway.start(full, Map.of())).isEqualTo(1);
  }

  @Test
  void aTriggerThatSwallowsTheRowIsSeen() {
    Target target = fresh();
    FlywayVersion.of("13.12.0", target).start(full, Map.of());
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      session.execute(
          "create function public.swallow() returns trigger language plpgsql as"
              + " $$ begin return null; end $$");
      session.execute(
          "create trigger t before insert on public.flyway_schema_history"
              + " for each row execute function public.swallow()");
    }
    assertThatThrownBy(() -> reopen(target, "V3__c.sql", "drop table public.c"))
        .hasMessageContaining("does not keep what is recorded");
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      assertThat(session.test("select pg_catalog.to_regclass('public.c') is not null")).isTrue();
    }
  }
}
