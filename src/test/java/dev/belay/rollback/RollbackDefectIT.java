package dev.belay.rollback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.config.Configuration;
import dev.belay.config.Flags;
import dev.belay.config.Settings;
import dev.belay.config.Surroundings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.Journal;
import dev.belay.journal.OperationLock;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoPlanning;
import dev.belay.undo.UndoRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that breaks, or cannot write its journal any more, when something is undone. */
class RollbackDefectIT {
  @TempDir Path here;
  private Target target;
  private Theatre theatre;
  private Settings settings;
  private final RunId run = RunId.fresh();
  private final Databases real = new JdbcDatabases(RunSessions.name(run));
  private Runnable beforeStatement = () -> {};

  @BeforeEach
  void migrate() {
    target = TestServer.fresh("defect");
    theatre = new Theatre(target, here).migrated();
    settings =
        Configuration.load(
            new Surroundings(theatre.environment(), here, here, "tester"), Flags.NONE);
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @Test
  void whatIsCommittedIsDoneThoughTheJournalCannotBeWrittenAnyMore() {
    GuardedRun guarded = guarded(this::watched);
    try (OperationLock lock = guarded.lock();
        Journal journal = guarded.journal()) {
      beforeStatement =
          () -> {
            // The next one is the commit; after it nothing can be written.
            if (journal().contains("\"committing\"")) {
              journal.close();
            }
          };
      RollbackRequest request = request("3", false);
      CarryingOut.Done done = rollback(guarded, request).within(request, lock, journal);
      assertThat(done.report().problems()).isEmpty();
    }
    assertThat(journal()).doesNotContain("\"committed\"");
    assertThat(theatre.history()).contains("DELETE 3");
  }

  @Test
  void whatBreaksHalfwayIsOnRecordWithWhatIsDone() {
    indexed("drop index concurrently by_name;\ndrop index concurrently if exists other;");
    beforeStatement =
        () -> {
          if (!theatre.exists("by_name")) {
            throw new NoClassDefFoundError("of a test");
          }
        };

    Failure failure = broken(guarded(this::watched), request("4", true));

    assertThat(failure.message()).contains("a defect of belay", "of a test");
    assertThat(failure.state())
        .contains("done: U4__index.sql, line 1", "the backup from before is ");
    assertThat(failure.hint()).contains("belay backup-restore ");
    assertThat(journal()).contains("\"step-done\"").doesNotContain("\"ended\"");
    assertThat(theatre.history()).doesNotContain("DELETE 4");
  }

  @Test
  void aJournalThatCannotBeWrittenHalfwayForgetsNothingOfWhatIsDone() {
    indexed("drop index concurrently by_name;\ndrop index concurrently if exists other;");
    GuardedRun guarded = guarded(this::watched);
    try (OperationLock lock = guarded.lock();
        Journal journal = guarded.journal()) {
      beforeStatement =
          () -> {
            // The first statement is about to run; after it nothing can be written.
            if (journal().contains("U4__index.sql")) {
              journal.close();
            }
          };
      RollbackRequest request = request("4", true, true);

      Failure failure =
          catchThrowableOfType(
              Failure.class, () -> rollback(guarded, request).within(request, lock, journal));

      assertThat(failure.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
      assertThat(failure.message())
          .contains("cannot write the journal", "and the backup could not be brought back");
      assertThat(failure.state()).isEqualTo("done: U4__index.sql, line 1");
      assertThat(failure.hint()).contains("belay backup-restore ");
    }
    assertThat(theatre.exists("by_name")).isFalse();
  }

  @Test
  void whatBreaksWhileTheBackupIsBroughtBackStaysHalfDone() {
    // It fails only where there is such a table, which no scratch database has.
    indexed(
        "drop index concurrently by_name;\nselect 1 / (select 1 - count(*) from pg_class where relname = 'live');");
    theatre.sql("create table public.live ()");
    Thread undoing = Thread.currentThread();

    Failure failure =
        broken(
            guarded(
                each -> {
                  if (Thread.currentThread() == undoing && isRestoring()) {
                    throw new NoClassDefFoundError("of a test");
                  }
                  return real.open(each);
                }),
            request("4", true, true));

    assertThat(failure.message()).contains("and the backup could not be brought back", "of a test");
    assertThat(failure.state()).isEqualTo("done: U4__index.sql, line 1");
    assertThat(failure.hint()).contains("belay backup-restore ");
    assertThat(journal()).doesNotContain("\"ended\"");
  }

  private void indexed(String undo) {
    theatre.script("V4__index.sql", "create index by_name on " + Theatre.SEATS + " (name);");
    theatre.undo("U4__index.sql", undo);
    theatre.start("13.12.0");
  }

  @Test
  void whatBreaksAfterTheCommitDoesNotPromiseThatNothingWasDone() {
    Thread undoing = Thread.currentThread();

    Failure failure =
        broken(
            guarded(
                each -> {
                  if (Thread.currentThread() == undoing && !theatre.exists("plays")) {
                    throw new NoClassDefFoundError("of a test");
                  }
                  return real.open(each);
                }),
            request("3", false));

    assertThat(failure.state()).contains("what of it is undone is not known");
    assertThat(failure.hint()).contains("belay list-migrations stage");
    assertThat(journal()).contains("\"committed\"").doesNotContain("\"ended\"");
  }

  private Failure broken(GuardedRun guarded, RollbackRequest request) {
    Failure failure =
        catchThrowableOfType(
            Failure.class, () -> rollback(guarded, request).run(request, false, plan -> true));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
    return failure;
  }

  private GuardedRun guarded(Databases databases) {
    return new GuardedRun(
        run, databases, settings, Quiet.progress(), "rollback-migration", Duration.ZERO);
  }

  private RollbackMigration rollback(GuardedRun guarded, RollbackRequest request) {
    return new RollbackMigration(
        guarded,
        live ->
            UndoPlanning.plan(
                settings, guarded.databases(), live, request.undo(), guarded.progress()),
        theatre.environment(),
        "test");
  }

  private static RollbackRequest request(String migration, boolean backup) {
    return request(migration, backup, false);
  }

  private static RollbackRequest request(String migration, boolean backup, boolean restore) {
    return new RollbackRequest(
        new UndoRequest(
            "stage",
            migration,
            UndoRequest.Reach.DOWN_FROM,
            UndoRequest.Preferred.LEDGER,
            false,
            List.of()),
        false,
        OptionalLong.empty(),
        backup,
        true,
        false,
        false,
        restore,
        2,
        1);
  }

  private boolean isRestoring() {
    return Files.isDirectory(settings.folders().journal()) && journal().contains("\"restoring\"");
  }

  private String journal() {
    try (Stream<Path> files = Files.list(settings.folders().journal())) {
      Path file =
          files.filter(each -> each.toString().contains(run.text())).findFirst().orElseThrow();
      return Files.readString(file);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Sessions of which each statement of a script, and each commit, is told before it runs. */
  private Database watched(Target to) {
    Connection session = real.open(to).connection();
    return Database.borrowed(
        to,
        (Connection)
            Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                  if (to.equals(target) && method.getName().equals("createStatement")) {
                    beforeStatement.run();
                  }
                  try {
                    return method.invoke(session, arguments);
                  } catch (InvocationTargetException thrown) {
                    throw thrown.getCause() == null ? thrown : thrown.getCause();
                  }
                }));
  }
}
