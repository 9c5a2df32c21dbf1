package dev.belay.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.config.Settings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Secret;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.flyway.FlywayLock;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.CheckStatus;
import dev.belay.scratch.ReplayedSchema;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every check on a database that keeps the promise, and on one that breaks it. */
class VerifyStateIT {
  private static final TableName HISTORY = new TableName(Clinic.SCHEMA, "flyway_schema_history");
  private static final TableName DRUGS = new TableName(Clinic.SCHEMA, "drugs");

  private final JdbcDatabases databases = new JdbcDatabases("belay-test");
  private final VerifyState verifyState = new VerifyState(databases);
  private Target target = TestServer.admin();
  private Path here = Path.of("");
  private Clinic clinic = new Clinic(target, here);

  @BeforeEach
  void create(@TempDir Path temporary) throws IOException {
    target = TestServer.fresh("state");
    here = temporary;
    clinic = new Clinic(target, here);
    clinic.migrate();
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void findsNothingInAHealthyDatabase() {
    VerifyStateReport report = run();

    for (CheckResult check : report.details()) {
      boolean elsewhere =
          List.of("server-settings", "last-backup", "undo-coverage").contains(check.name());
      assertThat(elsewhere || check.status() == CheckStatus.PASSED).as(check.toString()).isTrue();
    }
    assertThat(check(report, "history-table").summary()).isEqualTo("at version 3");
    assertThat(check(report, "server").summary()).startsWith("PostgreSQL ").contains("up for");
    assertThat(report.details().stream().map(CheckResult::name)).doesNotHaveDuplicates();
  }

  @Test
  void theNewestMigrationShouldHaveAnUndoScript() throws IOException {
    CheckResult without = check(run(), "undo-coverage");
    assertThat(without.status()).isEqualTo(CheckStatus.WARNING);
    assertThat(without.summary()).isEqualTo("1 of 3 applied versions");
    assertThat(without.findings()).containsExactly("V3__notes, the newest, has no undo script");

    clinic.write("undo/U3__notes.sql", "alter table drugs drop column notes;");
    assertThat(check(run(), "undo-coverage").status()).isEqualTo(CheckStatus.PASSED);
  }

  @Test
  void theSchemaIsComparedWithWhatTheMigrationsGive() {
    VerifyState withSchema =
        verifyState.withSchema(new ReplayedSchema(), new Progress(quietTerminal()));
    assertThat(check(withSchema.run(clinic.settings()), "schema-drift").status())
        .isEqualTo(CheckStatus.PASSED);

    sql("alter table " + new Identifier(Clinic.SCHEMA) + ".drugs add column by_hand int");
    CheckResult drift = check(withSchema.run(clinic.settings()), "schema-drift");
    assertThat(drift.status()).isEqualTo(CheckStatus.FAILED);
    assertThat(drift.findings()).singleElement().asString().contains("orphaned", "by_hand");
  }

  private static Terminal quietTerminal() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new Terminal(nowhere, nowhere, false, false, () -> null);
  }

  @Test
  void namesSettingsThatEndangerRecovery() {
    sql("alter database " + new Identifier(target.database()) + " set zero_damaged_pages = on");

    CheckResult settings = check(run(), "server-settings");

    assertThat(settings.status()).isEqualTo(CheckStatus.FAILED);
    assertThat(settings.findings())
        .anyMatch(finding -> finding.startsWith("zero_damaged_pages = on (database "))
        .anyMatch(finding -> finding.startsWith("zero_damaged_pages = on (in force here)"));
  }

  @Test
  void pendingMigrationsAreAWarning() throws IOException {
    clinic.write("migration/V4__next.sql", "select 4");
    CheckResult pending = check(run(), "pending-migrations");

    assertThat(pending.status()).isEqualTo(CheckStatus.WARNING);
    assertThat(pending.findings()).containsExactly("V4__next");
  }

  @Test
  void tellsOfConflictsOnlyWhatNoOtherCheckTells() throws IOException {
    assertThat(check(run(), "conflicts").status()).isEqualTo(CheckStatus.PASSED);
    clinic.write("migration/V2__names.sql", "edited");
    assertThat(check(run(), "conflicts").status()).isEqualTo(CheckStatus.PASSED);

    sql("update " + HISTORY + " set version = '3.0' where version = '3'");
    assertThat(check(run(), "conflicts").status()).isEqualTo(CheckStatus.WARNING);

    clinic.write("migration/V4__next.sql", "-- belay:requires V5\nselect 4;");
    CheckResult conflicts = check(run(), "conflicts");
    assertThat(conflicts.status()).isEqualTo(CheckStatus.FAILED);
    assertThat(conflicts.findings())
        .containsExactly("V4: needs 'V5', which is neither applied nor on disk");
    assertThat(conflicts.fix()).contains("belay resolve-conflicts");
  }

  @Test
  void findsWhatDiffersFromTheScripts() throws IOException {
    clinic.write("migration/V1__initial.sql", "edited");
    Files.move(
        here.resolve("db/migration/V3__notes.sql"), here.resolve("db/migration/V3__other.sql"));
    Files.delete(here.resolve("db/migration/V2__names.sql"));
    VerifyStateReport report = run();

    assertThat(check(report, "changed-migrations").findings())
        .containsExactly(
            "V1__initial: the checksum is not as it was applied",
            "V3__notes: the description is not as it was applied");
    assertThat(check(report, "missing-scripts").status()).isEqualTo(CheckStatus.FAILED);
    assertThat(check(report, "missing-scripts").findings()).containsExactly("V2__names");
    assertThat(report.exitCode()).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void doesNotCallScriptsMissingThatItCannotSee() throws IOException {
    Files.move(here.resolve("db/migration"), here.resolve("db/elsewhere"));
    VerifyStateReport report = run();

    assertThat(check(report, "missing-scripts").status()).isEqualTo(CheckStatus.NOT_CHECKED);
    assertThat(check(report, "missing-scripts").summary()).contains("does not exist");
    assertThat(check(report, "scripts-on-disk").status()).isEqualTo(CheckStatus.WARNING);
  }

  @Test
  void findsWhatTheNextStartWouldStumbleOver() throws IOException {
    clinic.write("migration/V2.5__late.sql", "select 1");
    clinic.write("migration/V03.0__notes_again.sql", "select 1");
    row(50, "9", "gone", "SQL", false);
    row(51, "3", "notes", "UNDO_SQL", true);
    row(52, "1.x", "odd", "SQL", true);
    VerifyStateReport report = run();

    assertThat(check(report, "failed-migrations").findings()).hasSize(1);
    assertThat(check(report, "history-readable").findings())
        .containsExactly("row 51 is of type UNDO_SQL", "row 52 has the version '1.x'");
    assertThat(check(report, "out-of-order").findings()).contains("V2.5__late");
    assertThat(check(report, "out-of-order").status()).isEqualTo(CheckStatus.FAILED);
    assertThat(check(report, "scripts-on-disk").findings().toString())
        .contains("V3__notes.sql")
        .contains("V03.0__notes_again.sql");
  }

  @Test
  void warnsOfWhatIsHeldAndOfWhatIsNewer() {
    row(50, "3", "notes", "UNDO_SCRIPT", true);
    row(51, "12", "newer", "SQL", true);
    VerifyStateReport report = run();

    assertThat(check(report, "taken-back").findings()).containsExactly("V3__notes");
    assertThat(check(report, "newer-than-scripts").status()).isEqualTo(CheckStatus.WARNING);
    assertThat(check(report, "missing-scripts").status()).isEqualTo(CheckStatus.PASSED);
  }

  @Test
  void seesAMigrationInProgress() {
    try (Database other = databases.open(target)) {
      other.number("select 1 from pg_advisory_lock(?)", FlywayLock.key(clinic.app()));
      CheckResult running = check(run(), "running-migration");

      assertThat(running.status()).isEqualTo(CheckStatus.WARNING);
      assertThat(running.findings().toString()).contains("pid " + other.loginPid());
    }
    TestServer.awaitEndOfSessions(target);
    assertThat(check(run(), "running-migration").status()).isEqualTo(CheckStatus.PASSED);
  }

  @Test
  void findsAnIndexThatNoQueryCanUse() {
    try (Database database = databases.open(target)) {
      assertThat(
              Assertions.catchThrowable(
                  () ->
                      database.execute(
                          "create unique index concurrently \"i 1\" on " + DRUGS + " (id)")))
          .isInstanceOf(Failure.class);
    }
    CheckResult indexes = check(run(), "invalid-indexes");

    assertThat(indexes.status()).isEqualTo(CheckStatus.FAILED);
    assertThat(indexes.findings()).containsExactly(Clinic.SCHEMA + ".i 1 on " + DRUGS.plain());
    assertThat(String.valueOf(indexes.fix())).endsWith(new TableName(Clinic.SCHEMA, "i 1") + "");
  }

  @Test
  void findsAConstraintThatWasNeverChecked() {
    sql("alter table " + DRUGS + " add constraint \"c\"\"1\" check (id > 5) not valid");
    CheckResult constraints = check(run(), "not-validated-constraints");

    assertThat(constraints.status()).isEqualTo(CheckStatus.FAILED);
    assertThat(constraints.fix())
        .isEqualTo("alter table " + DRUGS + " validate constraint \"c\"\"1\"");
  }

  @Test
  void namesTransactionsThatAreOpenForLong() {
    try (Database other = databases.open(target);
        Database own = databases.open(target)) {
      other.execute("begin");
      other.number("select pg_backend_pid()");
      StateContext context = new StateContext(clinic.settings(), Optional.of(own));
      CheckResult all = new SessionCheck(Duration.ZERO).run(context).get(0);
      CheckResult old = new SessionCheck(Duration.ofHours(1)).run(context).get(0);

      assertThat(all.status()).isEqualTo(CheckStatus.WARNING);
      assertThat(all.findings().toString()).contains("pid " + other.loginPid());
      assertThat(old.status()).isEqualTo(CheckStatus.PASSED);
    }
  }

  @Test
  void saysWhyADatabaseCannotBeReached() {
    try (Database admin = databases.open(TestServer.admin())) {
      Identifier name = new Identifier(target.database());
      admin.execute("alter database " + name + " allow_connections false");
      VerifyStateReport report = run();
      admin.execute("alter database " + name + " allow_connections true");

      assertThat(report.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(report.unreachable()).isPresent();
      assertThat(check(report, "connection").status()).isEqualTo(CheckStatus.FAILED);
      assertThat(check(report, "database-open").summary()).contains("refuses connections");
      assertThat(String.valueOf(check(report, "database-open").fix())).contains(name.toString());
      assertThat(check(report, "invalid-indexes").status()).isEqualTo(CheckStatus.NOT_CHECKED);
    }
  }

  @Test
  void aRoleWithFewRightsLearnsWhatWasNotChecked() {
    Identifier role = new Identifier("weak \"r\" " + ProcessHandle.current().pid());
    sql("create role " + role + " login password 'weak'");
    try {
      Target weak =
          new Target(
              target.host(),
              target.port(),
              target.database(),
              role.name(),
              Optional.of(new Secret("weak")),
              Tls.PREFER,
              10);
      Settings settings = new Clinic(weak, here).settings();
      VerifyStateReport report = verifyState.run(settings);

      assertThat(check(report, "history-table").status()).isEqualTo(CheckStatus.NOT_CHECKED);
      assertThat(check(report, "history-table").summary()).contains("permission denied");
      assertThat(check(report, "role").status()).isEqualTo(CheckStatus.WARNING);
      assertThat(check(report, "invalid-indexes").status()).isEqualTo(CheckStatus.PASSED);
    } finally {
      sql("drop role " + role);
    }
  }

  @Test
  void saysThatThereIsNoBackup() {
    CheckResult backup = check(run(), "last-backup");

    assertThat(backup.status()).isEqualTo(CheckStatus.WARNING);
    assertThat(backup.summary()).startsWith("there is no whole backup of " + target.database());
    assertThat(backup.fix()).isEqualTo("belay create-backup");
  }

  @Test
  void namesTheRunThatWasKilled() throws IOException {
    String line =
        "{\"journal\":1,\"run\":\"0123456789ab\",\"command\":\"backup-restore\",\"target\":\"d@h:1\","
            + "\"host\":\"%s\",\"pid\":999999999,\"processStartedMillis\":1,\"user\":\"ops\","
            + "\"at\":\"2026-01-02T03:04:05Z\"}\n";
    String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    Files.writeString(here.resolve("20260102_030405_0123456789ab.jsonl"), line.formatted(host));

    CheckResult runs = check(run(), "unfinished-runs");

    assertThat(runs.status()).isEqualTo(CheckStatus.FAILED);
    assertThat(runs.findings()).first().asString().contains("backup-restore of d@h:1");
  }

  @Test
  void aCheckThatCannotAskIsNotChecked() {
    StateCheck fine = new Further("last-backup", null);
    StateCheck broken = new Further("journal", Failure.unavailable("no right", "get it"));

    VerifyStateReport report =
        new VerifyState(databases, List.of(fine, broken)).run(clinic.settings());

    assertThat(check(report, "last-backup").status()).isEqualTo(CheckStatus.PASSED);
    assertThat(check(report, "journal").status()).isEqualTo(CheckStatus.NOT_CHECKED);
    assertThat(check(report, "journal").summary()).isEqualTo("no right");
  }

  private record Further(String name, @Nullable Failure failure) implements StateCheck {
    @Override
    public List<String> names() {
      return List.of(name);
    }

    @Override
    public List<CheckResult> run(StateContext context) {
      if (failure != null) {
        throw failure;
      }
      return List.of(CheckResult.passed(name, "two hours old"));
    }
  }

  private VerifyStateReport run() {
    return verifyState.run(clinic.settings());
  }

  private static CheckResult check(VerifyStateReport report, String name) {
    return report.details().stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void sql(String statement) {
    try (Database database = databases.open(target)) {
      database.execute(statement);
    }
  }

  private void row(int rank, String version, String description, String type, boolean success) {
    try (Database database = databases.open(target)) {
      database.execute(
          "insert into " + HISTORY + " values (?, ?, ?, ?, 'x.sql', 5, 'ops', '2026-01-02', 0, ?)",
          rank,
          version,
          description,
          type,
          success);
    }
  }
}
