package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.journal.DeadRuns;
import dev.belay.journal.LivingRuns;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.ChildJvm;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ScratchDatabaseIT {
  private static final DatabaseLocale LATIN =
      new DatabaseLocale("LATIN1", "C", "C", "libc", Optional.empty(), Optional.empty());

  private final RunId run = RunId.fresh();
  private final Databases databases = new JdbcDatabases(RunSessions.name(run));
  @TempDir private Path folder = Path.of("");

  /** Makes one and is killed, or ends without closing it. */
  static final class Main {
    private Main() {}

    public static void main(String[] args) {
      Target maintenance =
          new Target(
              args[0],
              Integer.parseInt(args[1]),
              "postgres",
              args[2],
              Optional.empty(),
              Tls.PREFER,
              10);
      RunId run = new RunId(args[3]);
      ScratchDatabase.create(
          new JdbcDatabases(RunSessions.name(run)), maintenance, run, LATIN, "orders", "a proof");
      System.out.println("made");
    }
  }

  @Test
  void hasTheLocaleOfItsSourceAndIsDropped() {
    Target target;
    try (ScratchDatabase scratch = create()) {
      target = scratch.target();
      try (Database database = databases.open(target)) {
        assertThat(DatabaseLocale.of(database, target.database())).isEqualTo(LATIN);
        database.execute("create table public.t (n integer)");
      }
      assertThat(exists(target.database())).isTrue();
    }
    assertThat(exists(target.database())).isFalse();
  }

  @Test
  void nobodyElseMayConnectToIt() {
    try (ScratchDatabase scratch = create();
        Database session = databases.open(TestServer.admin())) {
      assertThat(
              session.test(
                  "select has_database_privilege('public', ?, 'connect')",
                  scratch.target().database()))
          .isFalse();
    }
  }

  @Test
  void isDroppedAlthoughSomebodyIsStillThere() {
    ScratchDatabase scratch = create();
    try (Database straggler = databases.open(scratch.target())) {
      scratch.close();
      assertThat(exists(straggler.target().database())).isFalse();
    }
  }

  @Test
  void saysThatTheServerIsTooOldForALocale() {
    DatabaseLocale newer =
        new DatabaseLocale("UTF8", "C", "C", "builtin", Optional.of("C.UTF-8"), Optional.empty());
    assertThatThrownBy(() -> newer.createOptions(15))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"scratch-created", "scratch-noted"})
  void theNextRunDropsWhatAKilledOneLeft(String failPoint) {
    RunId dead = RunId.fresh();
    assertThat(child(failPoint, dead).status()).isEqualTo(137);
    TestServer.awaitEndOfSessions(dead);
    String name = "belay_scratch_" + dead + "_1";
    assertThat(exists(name)).isTrue();
    assertThat(sweep()).anyMatch(line -> line.contains(name) && line.endsWith("dropped"));
    assertThat(exists(name)).isFalse();
  }

  @Test
  void isDroppedWhenTheProgramEndsWithoutClosingIt() {
    RunId ended = RunId.fresh();
    ChildJvm.Result result = child("", ended);
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(exists("belay_scratch_" + ended + "_1")).isFalse();
  }

  @Test
  void theOneOfALivingRunIsLeft() {
    RunId other = RunId.fresh();
    Databases others = new JdbcDatabases(RunSessions.name(other));
    try (Database main = others.open(TestServer.admin());
        ScratchDatabase scratch =
            ScratchDatabase.create(others, TestServer.admin(), other, LATIN, "orders", "a proof");
        Database child =
            new JdbcDatabases(RunSessions.name(other, "pg_restore")).open(scratch.target())) {
      sweep();
      assertThat(exists(scratch.target().database())).isTrue();
      assertThat(child.number("select 1")).isEqualTo(main.number("select 1"));
    }
  }

  @Test
  void childrenOfADeadRunAreEnded() {
    RunId dead = RunId.fresh();
    try (Database child =
        new JdbcDatabases(RunSessions.name(dead, "pg_dump")).open(TestServer.admin())) {
      assertThat(sweep()).anyMatch(line -> line.contains(dead + ":pg_dump"));
      assertThatThrownBy(() -> child.number("select 1")).isInstanceOf(Failure.class);
    }
  }

  private List<String> sweep() {
    try (Database session = databases.open(TestServer.admin())) {
      return DeadRuns.sweep(session, new LivingRuns(session, folder, run));
    }
  }

  private ChildJvm.Result child(String failPoint, RunId id) {
    Target admin = TestServer.admin();
    return ChildJvm.run(
        failPoint,
        Main.class,
        folder,
        Map.of(),
        admin.host(),
        String.valueOf(admin.port()),
        admin.user(),
        id.text());
  }

  private ScratchDatabase create() {
    return ScratchDatabase.create(databases, TestServer.admin(), run, LATIN, "orders", "a proof");
  }

  private boolean exists(String name) {
    try (Database session = databases.open(TestServer.admin())) {
      return session.test(
          "select exists (select from pg_catalog.pg_database where datname = ?)",
          new Identifier(name).name());
    }
  }
}
