package dev.belay.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.flyway.MigrationVersion;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.TestServer;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What travels with the target, and what is said when it cannot. */
class LedgerIT {
  private static final TableName HISTORY = new TableName("S \"'; --", "histöry");
  private static final String ROLE = "belay_ledger_reader_" + ProcessHandle.current().pid();

  private final UndoStore store = new UndoStore(HISTORY);
  private Target target;
  private Database session;

  @BeforeEach
  void open() {
    target = TestServer.fresh("ledger");
    session = new JdbcDatabases("belay-test").open(target);
  }

  @AfterEach
  void close() {
    session.execute("reset role");
    session.execute("reset default_transaction_read_only");
    session.close();
    TestServer.drop(target);
    try (Database admin = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      admin.execute("drop role if exists " + ROLE);
    }
  }

  private static NewUndo undo(String version, String content) {
    return new NewUndo(
        "app",
        MigrationVersion.of(version),
        "d",
        7,
        Optional.of("create …"),
        "U" + version + "__d.sql",
        content,
        true,
        StoredUndo.Origin.FILE);
  }

  private boolean store(String version, String content) {
    return store.store(session, undo(version, content), "1");
  }

  private static void fails(ThrowingCallable call, ExitCode code, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).as(failure.message()).isEqualTo(code);
              assertThat(failure.message()).contains(words);
            });
  }

  private void reader() {
    session.execute("create role " + ROLE);
    session.execute("set role " + ROLE);
  }

  @Test
  void theNewestOfAVersionCountsAndTheSameTextAddsNoRow() {
    assertThat(store.read(session)).isEqualTo(StoredUndos.none());
    assertThat(store("1.10", "drop 'Ü' \\ ${x}\r\n")).isTrue();
    assertThat(store("01_10.0", "drop 'Ü' \\ ${x}\r\n")).isTrue();
    assertThat(store("1.10", "drop b")).isTrue();
    assertThat(store("1.10", "drop b")).isFalse();
    assertThat(store("2", "drop c")).isTrue();

    StoredUndos all = store.read(session);
    assertThat(all.all()).hasSize(2);
    StoredUndo newest = all.of(MigrationVersion.of("1.10.0")).orElseThrow();
    assertThat(store.content(session, newest)).isEqualTo("drop b");
    assertThat(store.migration(session, newest)).contains("create …");
    assertThat(newest.migrationChecksum()).isEqualTo(7);
    assertThat(new UndoStore(new TableName("S", "other")).read(session).all()).isEmpty();
  }

  @Test
  void aRowThatWasChangedByHandIsRefusedByItsName() {
    store("1", "drop a");
    session.execute("update belay.undo_script set content = content || ' cascade'");
    StoredUndo stored = store.read(session).of(MigrationVersion.of("1")).orElseThrow();
    fails(() -> store.content(session, stored), ExitCode.REFUSED, "U1__d.sql", "changed by hand");
  }

  @Test
  void theLedgerComesAndGoesWithItsTransaction() {
    assertThatThrownBy(
            () ->
                session.inTransaction(
                    () -> {
                      store("1", "drop a");
                      throw new IllegalStateException("broken");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(Ledger.present(session)).isFalse();
  }

  @Test
  void whatWasUndoneIsWrittenDown() {
    UndoneLog log = new UndoneLog(HISTORY);
    UndoneEntry entry =
        new UndoneEntry(
            "app",
            MigrationVersion.of("1.0"),
            "d",
            3,
            "V1__d.sql",
            "file",
            Optional.empty(),
            UndoneEntry.RecordedAs.HOLD,
            4,
            17,
            Optional.of("b_20240101_120000"),
            List.of("a,b", "c\"d"),
            "0123456789ab");
    assertThat(log.newest(session, 5)).isEmpty();
    log.add(session, List.of(entry), "1");
    assertThat(log.newest(session, 5)).extracting(UndoneLog.Logged::entry).containsExactly(entry);
  }

  @Test
  void aLedgerOfWhichATableIsGoneIsNoneToReadersAndAFailureToWriters() {
    store("1", "drop a");
    session.execute("drop table belay.undo_script");
    assertThat(store.read(session).notes().get(0)).contains("no table belay.undo_script");
    fails(() -> store("1", "drop a"), ExitCode.UNAVAILABLE, "half there", "belay.undo_script");
  }

  @Test
  void aLedgerOfANewerFormIsRefused() {
    store("1", "drop a");
    session.execute("update belay.form set form = 2");
    fails(() -> store.read(session), ExitCode.REFUSED, "form 2");
    fails(() -> store("1", "drop b"), ExitCode.REFUSED, "form 2");
  }

  @Test
  void aSchemaOfSomebodyElseIsLeftAlone() {
    session.execute("create schema belay");
    assertThat(store.read(session).notes().get(0)).contains("no ledger of this program");
    fails(() -> store("1", "drop a"), ExitCode.REFUSED, "not the ledger");
  }

  @Test
  void whoMayNotReadOrWriteItIsToldSo() {
    store("1", "drop a");
    reader();
    assertThat(store.read(session).notes().get(0)).contains("no privilege");
    fails(() -> store("1", "drop b"), ExitCode.UNAVAILABLE, "ledger");
    session.execute("reset role");
    session.execute("grant usage on schema belay to " + ROLE);
    session.execute("grant select on belay.form to " + ROLE);
    session.execute("set role " + ROLE);
    assertThat(store.read(session).notes().get(0)).contains("may not read belay.undo_script");
    session.execute("reset role");
    session.execute("drop owned by " + ROLE);
  }

  @Test
  void whoMayNotMakeItIsToldWhatToGrant() {
    reader();
    fails(() -> store("1", "drop a"), ExitCode.UNAVAILABLE, "the ledger cannot be made");
  }

  @Test
  void aSessionThatOnlyReadsCannotStoreAndReadsOn() {
    store("1", "drop a");
    session.execute("set default_transaction_read_only = on");
    assertThat(store.read(session).all()).hasSize(1);
    fails(() -> store("2", "drop b"), ExitCode.UNAVAILABLE, "read-only");
  }
}
