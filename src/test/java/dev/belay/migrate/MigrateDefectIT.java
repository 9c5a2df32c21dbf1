package dev.belay.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.archive.Level;
import dev.belay.config.AppSettings;
import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.journal.RunSessions;
import dev.belay.migrations.RiskLevel;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.recovery.RecoveryPolicy;
import dev.belay.support.PgVariables;
import dev.belay.support.Quiet;
import dev.belay.swap.GuardedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that breaks while it settles what a failed migration left. */
class MigrateDefectIT {
  private static final TableName APPLIED = new TableName(Orchard.SCHEMA, "applied");

  @TempDir Path here;
  private Orchard orchard;

  @BeforeEach
  void plant() {
    orchard = new Orchard(here).planted(3);
    orchard.script("V2__applied.sql", "create table " + APPLIED + " (id int);");
    orchard.script("V3__fails.sql", "select 1 / 0;");
  }

  @AfterEach
  void drop() {
    orchard.close();
  }

  @Test
  void whatWasAppliedIsOnRecordAsIncomplete() throws IOException {
    Map<String, String> environment = PgVariables.of(orchard.target());
    Settings settings =
        Configuration.load(new Surroundings(environment, here, here, "tester"), Flags.NONE);
    RunId run = RunId.fresh();
    GuardedRun guarded =
        new GuardedRun(
            run,
            breaking(new JdbcDatabases(RunSessions.name(run))),
            settings,
            Quiet.progress(),
            "migrate",
            Duration.ZERO);
    Migrate migrate =
        new Migrate(guarded, request(settings.appOrOnly(Optional.empty())), environment, "test");

    Failure failure = catchThrowableOfType(Failure.class, () -> migrate.run(false, plan -> true));

    assertThat(failure.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
    assertThat(failure.state()).contains("what stays applied is not known");
    assertThat(failure.hint()).contains("belay list-migrations fruit");
    assertThat(orchard.history()).containsExactly("SQL 1", "SQL 2");
    List<Path> journals =
        orchard.files(".", ".jsonl").stream()
            .filter(file -> file.toString().contains(run.text()))
            .toList();
    assertThat(journals).hasSize(1);
    assertThat(Files.readString(journals.get(0))).contains("\"outcome\":\"incomplete\"");
  }

  /** A part of the program is not there any more when it is needed, once V2 is applied. */
  private static Databases breaking(Databases real) {
    Thread settling = Thread.currentThread();
    return target -> {
      Database session = real.open(target);
      if (Thread.currentThread() == settling
          && session.test("select pg_catalog.to_regclass(?) is not null", APPLIED.toString())) {
        session.close();
        throw new NoClassDefFoundError("of a test");
      }
      return session;
    };
  }

  private MigrateRequest request(AppSettings app) {
    return new MigrateRequest(
        app,
        List.of(),
        false,
        Set.of(),
        Optional.<RiskLevel>empty(),
        OptionalLong.empty(),
        true,
        Optional.<Level>empty(),
        false,
        RecoveryPolicy.UNDO,
        false,
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        1,
        false,
        false,
        Duration.ZERO,
        1,
        here);
  }
}
