package dev.belay.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.RunSessions;
import dev.belay.journal.UnfinishedRun;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SwapIT {
  private final Databases databases = new JdbcDatabases("swap-test");
  private final Target admin = TestServer.admin();
  private final List<String> made = new ArrayList<>();
  @TempDir private Path folder = Path.of("");
  private SwapBench bench = new SwapBench(admin, RunId.fresh(), folder);
  private Target live = admin;
  private String replacement = "";

  @BeforeEach
  void create() {
    bench = new SwapBench(admin, RunId.fresh(), folder);
    live = TestServer.fresh("orders");
    try (Database session = databases.open(admin)) {
      session.execute("comment on database " + name(live) + " is 'the \\ \"shop\"''s'");
    }
    fill(live, "old");
    replacement = bench.replacementFor(live.database());
    fill(live.withDatabase(replacement), "new");
  }

  @AfterEach
  void drop() {
    made.forEach(name -> TestServer.drop(admin.withDatabase(name)));
    TestServer.drop(live);
    TestServer.drop(live.withDatabase(replacement));
    try (Database session = databases.open(admin)) {
      Replaced.list(session).forEach(left -> TestServer.drop(admin.withDatabase(left.name())));
    }
  }

  @Test
  void theReplacementIsLiveAndTheReplacedOneIsKeptClosed() {
    SwapResult result = bench.swap(live.database(), replacement);

    assertThat(content(live)).isEqualTo("new");
    assertThat(result.replaced()).matches("(?s).*_replaced_\\d{8}_\\d{6}");
    assertThat(comment(live.database())).isEqualTo("the \\ \"shop\"'s");
    assertThatThrownBy(() -> databases.open(admin.withDatabase(result.replaced())))
        .hasMessageContaining("not currently accepting connections");
    try (Database session = databases.open(admin)) {
      assertThat(Replaced.list(session))
          .singleElement()
          .satisfies(
              kept -> {
                assertThat(kept.name()).isEqualTo(result.replaced());
                assertThat(kept.of()).isEqualTo(live.database());
                assertThat(kept.run()).isEqualTo(bench.run.text());
                assertThat(kept.sizeBytes()).isPositive();
              });
    }
    assertThat(bench.recover()).isEmpty();
  }

  @Test
  void swappingBackGivesEverythingBack() {
    SwapResult there = bench.swap(live.database(), replacement);
    SwapResult back = bench.swap(live.database(), there.replaced());
    assertThat(content(live)).isEqualTo("old");
    assertThat(comment(live.database())).isEqualTo("the \\ \"shop\"'s");
    bench.swap(live.database(), back.replaced());
    assertThat(content(live)).isEqualTo("new");
  }

  @Test
  void namesOfSixtyThreeBytesAreCutBetweenCharacters() {
    String longest = "Ü".repeat(31) + "x";
    assertThat(longest.getBytes(StandardCharsets.UTF_8)).hasSize(63);
    Target target = TestServer.create(longest);
    made.add(longest);
    fill(target, "old");
    String next = bench.replacementFor(longest);
    fill(target.withDatabase(next), "new");
    SwapResult first = bench.swap(longest, next);
    assertThat(content(target)).isEqualTo("new");
    SwapResult second = bench.swap(longest, first.replaced());
    assertThat(content(target)).isEqualTo("old");
    assertThat(second.replaced().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(63);
    assertThat(second.replaced()).startsWith("ÜÜÜ").contains("_replaced_");
  }

  @Test
  void noRowThatWasCommittedIsLostWhileClientsWriteOn() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger next = new AtomicInteger();
    Set<Integer> committed = ConcurrentHashMap.newKeySet();
    List<CompletableFuture<Void>> clients = new ArrayList<>();
    for (int client = 0; client < 8; client++) {
      // A thread for each: the common pool has fewer on a machine of few processors.
      clients.add(
          CompletableFuture.runAsync(
              () -> write(stop, next, committed), task -> new Thread(task).start()));
    }
    Await.until("50 rows are committed", () -> committed.size() >= 50);
    SwapResult result = bench.swap(live.database(), replacement);
    int before = committed.size();
    Await.until("50 more rows are committed", () -> committed.size() >= before + 50);
    stop.set(true);
    for (CompletableFuture<Void> client : clients) {
      client.get();
    }
    Set<Integer> found = new HashSet<>(rows(live));
    SwapResult back = bench.swap(live.database(), result.replaced());
    found.addAll(rows(live));
    assertThat(found).containsAll(committed);
    assertThat(result.sessionsEnded()).isPositive();
    assertThat(result.outageMillis()).isLessThan(30_000);
    assertThat(back.outageMillis()).isLessThan(30_000);
  }

  @Test
  void waitsForAChangeOfTheDatabaseBySomebodyElse() throws Exception {
    try (Database other = databases.open(admin)) {
      other.execute("begin");
      other.execute("comment on database " + name(live) + " is 'the \\ \"shop\"''s'");
      CompletableFuture<SwapResult> swap =
          CompletableFuture.supplyAsync(() -> bench.swap(live.database(), replacement));
      awaitRename(swap);
      other.execute("commit");
      swap.get();
    }
    assertThat(content(live)).isEqualTo("new");
  }

  @Test
  void openAgainWhenItsSessionIsLostOnTheWay() throws Exception {
    try (Database other = databases.open(admin)) {
      other.execute("begin");
      other.execute("comment on database " + name(live) + " is 'the \\ \"shop\"''s'");
      CompletableFuture<Throwable> swap =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  bench.swap(live.database(), replacement);
                  return new AssertionError("it did not fail");
                } catch (Failure failure) {
                  return failure;
                }
              });
      long pid = awaitRename(swap);
      other.execute("select pg_catalog.pg_terminate_backend(?)", (int) pid);
      assertThat(swap.get())
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED));
    }
    assertThat(content(live)).isEqualTo("old");
    assertThat(content(live.withDatabase(replacement))).isEqualTo("new");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "swap-begun",
        "swap-marked",
        "swap-replacement-closed",
        "swap-closed",
        "swap-ended",
        "swap-renaming"
      })
  void theNextRunOpensWhatAKilledOneClosed(String failPoint) {
    String theirs = killed(failPoint);

    assertThat(bench.recover()).isNotEmpty();
    assertThat(content(live)).isEqualTo("old");
    assertThat(comment(live.database())).isEqualTo("the \\ \"shop\"'s");
    assertThat(exists(theirs)).isFalse();
    assertThat(bench.recover()).isEmpty();
  }

  @Test
  void theNextRunLeavesAFinishedSwapAsItIs() {
    killed("swap-renamed");

    bench.recover();
    assertThat(content(live)).isEqualTo("restored");
    try (Database session = databases.open(admin)) {
      assertThat(Replaced.list(session)).hasSize(1);
    }
  }

  @Test
  void aSwapThatSomebodyFinishedByHandIsFinished() {
    String theirs = killed("swap-closed");
    String aside = aside();
    try (Database session = databases.open(admin)) {
      SwapQueries.rename(session, live.database(), aside);
      SwapQueries.rename(session, theirs, live.database());
    }

    assertThat(bench.recover()).anyMatch(done -> done.contains("was renamed by hand"));
    open(live.database());
    assertThat(content(live)).isEqualTo("restored");
    assertThat(comment(live.database())).isEqualTo("the \\ \"shop\"'s");
    assertThat(exists(aside)).isTrue();
    assertThat(bench.recover()).isEmpty();
  }

  @Test
  void aSwapThatSomebodyIsFinishingByHandIsLeftAlone() {
    String theirs = killed("swap-closed");
    String aside = aside();
    try (Database session = databases.open(admin)) {
      SwapQueries.rename(session, live.database(), aside);
    }

    List<String> done = bench.recover();
    assertThat(exists(theirs)).as("%s", done).isTrue();
    assertThat(done).anyMatch(line -> line.endsWith(renaming(theirs)));

    try (Database session = databases.open(admin)) {
      session.execute(renaming(theirs));
    }
    bench.recover();
    open(live.database());
    assertThat(content(live)).isEqualTo("restored");
  }

  @Test
  void aRunOfAContainerThatIsGoneIsNotTakenForAlive() throws IOException {
    killed("swap-closed");
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("\"host\":\"[^\"]*\"", "\"host\":\"pod-7\""));
      }
    }

    assertThat(bench.recover()).anyMatch(done -> done.contains("accepts connections again"));
    assertThat(content(live)).isEqualTo("old");
    assertThat(UnfinishedRun.ofOthers(folder, notice -> {})).isEmpty();
  }

  @Test
  void whatADeadRunLeftIsKeptWhileSomebodyWorksWithIt() {
    String theirs = ofADeadRun();
    try (Database client = databases.open(admin.withDatabase(theirs))) {
      assertThat(bench.recover())
          .anyMatch(done -> done.contains("kept, since 1 session of another program is with it"));
      assertThat(client.number("select 1")).isOne();
    }
    TestServer.awaitEndOfSessions(admin.withDatabase(theirs));
    bench.recover();
    assertThat(exists(theirs)).isFalse();
  }

  @Test
  void whatWasPutRightIsToldWhenTheRestBreaksOff() {
    killed("swap-closed");
    Target first = live;
    live = TestServer.fresh("second");
    made.add(first.database());
    killed("swap-closed");
    // The first session is that of the whole, the second is of the first swap that is taken back.
    Databases breaking = endedAtTheThirdSession();

    assertThatThrownBy(
            () -> new SwapRecovery(breaking, admin, folder, bench.run, Quiet.progress()).recover())
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
              assertThat(failure.state()).contains("accepts connections again");
            });
    bench.recover();
    assertThat(content(first)).isEqualTo("old");
  }

  @Test
  void whatADeadRunMadeForItselfIsNoLiveDatabase() {
    String theirs = ofADeadRun();
    Recovered dropped =
        new SwapRecovery(databases, admin, folder, bench.run, Quiet.progress()).recover();
    assertThat(dropped.told()).anyMatch(line -> line.contains(theirs));
    assertThat(dropped.liveChanged()).isFalse();

    killed("swap-closed");
    Recovered opened =
        new SwapRecovery(databases, admin, folder, bench.run, Quiet.progress()).recover();
    assertThat(opened.liveChanged()).isTrue();
  }

  @Test
  void whatWasOnlyRefusedIsNoChangeWhenTheRestBreaksOff() {
    Identifier stranger = new Identifier("stranger of " + live.database());
    String theirs = killed("swap-closed");
    // The first session is that of the whole; the second looks at the swap that is not believed.
    Databases breaking = endedAtTheThirdSession();
    try (Database session = databases.open(admin)) {
      session.execute("create role " + stranger);
      session.execute("alter database " + new Identifier(theirs) + " owner to " + stranger);
      Target first = live;
      live = TestServer.fresh("second");
      made.add(first.database());
      String second = killed("swap-closed");
      session.execute("alter database " + new Identifier(second) + " owner to " + stranger);

      assertThatThrownBy(
              () ->
                  new SwapRecovery(breaking, admin, folder, bench.run, Quiet.progress()).recover())
          .isInstanceOfSatisfying(
              Failure.class,
              failure -> assertThat(failure.exitCode()).isNotEqualTo(ExitCode.INCOMPLETE));

      session.execute("alter database " + new Identifier(theirs) + " owner to current_user");
      session.execute("alter database " + new Identifier(second) + " owner to current_user");
      session.execute("drop role " + stranger);
      bench.recover();
      assertThat(content(first)).isEqualTo("old");
    }
  }

  @Test
  void aNoteThatAStrangerMadeUpOpensNothing() {
    Identifier stranger = new Identifier("stranger of " + live.database());
    String theirs = killed("swap-closed");
    try (Database session = databases.open(admin)) {
      session.execute("create role " + stranger);
      session.execute("alter database " + new Identifier(theirs) + " owner to " + stranger);
      assertThat(bench.recover()).anyMatch(done -> done.contains("not believed"));
      assertThat(SwapQueries.state(session, live.database()).orElseThrow().open()).isFalse();
      session.execute("alter database " + new Identifier(theirs) + " owner to current_user");
      bench.recover();
      assertThat(content(live)).isEqualTo("old");
      session.execute("drop role " + stranger);
    }
  }

  /** The bench's sessions, of which the server ends the first two before there is a third. */
  private Databases endedAtTheThirdSession() {
    AtomicInteger sessions = new AtomicInteger();
    String name = RunSessions.name(bench.run);
    return target -> {
      if (sessions.incrementAndGet() == 3) {
        try (Database session = databases.open(admin)) {
          session.execute(
              "select pg_terminate_backend(pid, 30000) from pg_stat_activity"
                  + " where application_name = ?",
              name);
        }
      }
      return new JdbcDatabases(name).open(target);
    };
  }

  /** The replacement, with content, of a swap that was killed there. */
  private String killed(String failPoint) {
    RunId dead = RunId.fresh();
    String theirs = new SwapBench(admin, dead, folder).replacementFor(live.database());
    made.add(theirs);
    fill(live.withDatabase(theirs), "restored");
    kill(failPoint, theirs, dead);
    return theirs;
  }

  /** A replacement that a run made, and no more. */
  private String ofADeadRun() {
    String theirs = new SwapBench(admin, RunId.fresh(), folder).replacementFor(live.database());
    made.add(theirs);
    TestServer.awaitEndOfRuns();
    return theirs;
  }

  /** The name that somebody gives the live database by hand. */
  private String aside() {
    String aside = live.database() + " aside";
    made.add(aside);
    return aside;
  }

  private String renaming(String theirs) {
    return "alter database " + new Identifier(theirs) + " rename to " + name(live);
  }

  private void open(String database) {
    try (Database session = databases.open(admin)) {
      SwapQueries.open(session, database, true);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"swap-closed", "swap-renaming"})
  void aKilledUndoLeavesTheReplacedOneReplaced(String failPoint) {
    SwapResult there = bench.swap(live.database(), replacement);
    kill(failPoint, there.replaced(), RunId.fresh());

    bench.recover();
    assertThat(content(live)).isEqualTo("new");
    bench.swap(live.database(), there.replaced());
    assertThat(content(live)).isEqualTo("old");
  }

  @Test
  void aDatabaseThatWasClosedBeforeStaysClosed() {
    try (Database session = databases.open(admin)) {
      SwapQueries.open(session, live.database(), false);
      bench.swap(live.database(), replacement);
      assertThat(SwapQueries.state(session, live.database()))
          .hasValueSatisfying(state -> assertThat(state.open()).isFalse());
      SwapQueries.open(session, live.database(), true);
    }
    assertThat(content(live)).isEqualTo("new");
  }

  @Test
  void onlyWhatBelayMadeIsSwappedIn() {
    Target foreign = TestServer.fresh("foreign");
    made.add(foreign.database());
    assertThatThrownBy(() -> bench.swap(live.database(), foreign.database()))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED));
    assertThat(content(live)).isEqualTo("old");
  }

  @Test
  void installsUnderANewNameOnlyWhereThereIsNone() {
    assertThatThrownBy(() -> bench.install(replacement, live.database()))
        .hasMessageContaining("already");
    made.add("beside \"it");
    bench.install(replacement, "beside \"it");
    assertThat(content(admin.withDatabase("beside \"it"))).isEqualTo("new");
  }

  private void kill(String failPoint, String theirs, RunId dead) {
    ChildJvm.Result result =
        ChildJvm.run(
            failPoint,
            SwapBench.class,
            folder,
            Map.of(),
            admin.host(),
            String.valueOf(admin.port()),
            admin.user(),
            live.database(),
            theirs,
            dead.text(),
            folder.toString());
    assertThat(result.status()).as(result.output()).isEqualTo(137);
    TestServer.awaitEndOfSessions(dead);
  }

  /** The process id of the session that waits with a rename. */
  private long awaitRename(CompletableFuture<?> swap) {
    try (Database session = databases.open(admin)) {
      return Await.first(
          "the swap waits with a rename",
          () ->
              session.first(
                  "select pid from pg_catalog.pg_stat_activity"
                      + " where query like 'alter database % rename to %'"
                      + " and wait_event_type = 'Lock'",
                  row -> row.getLong(1)),
          swap);
    }
  }

  private void write(AtomicBoolean stop, AtomicInteger next, Set<Integer> committed) {
    while (!stop.get()) {
      try (Database session = databases.open(live)) {
        while (!stop.get()) {
          int row = next.incrementAndGet();
          session.execute("insert into public.written values (?)", row);
          committed.add(row);
        }
      } catch (Failure reconnect) {
        // As an application's pool does.
      }
    }
  }

  private List<Integer> rows(Target target) {
    try (Database session = databases.open(target)) {
      return session.list("select n from public.written", row -> row.getInt(1));
    }
  }

  private void fill(Target target, String content) {
    try (Database session = databases.open(target)) {
      session.execute("create table public.written (n integer)");
      session.execute("create table public.content as select '" + content + "' as word");
    }
  }

  private String content(Target target) {
    try (Database session = databases.open(target)) {
      return session.text("select word from public.content");
    }
  }

  private String comment(String database) {
    try (Database session = databases.open(admin)) {
      return SwapQueries.state(session, database).orElseThrow().comment().orElse("");
    }
  }

  private boolean exists(String database) {
    try (Database session = databases.open(admin)) {
      return SwapQueries.exists(session, database);
    }
  }

  private static Identifier name(Target target) {
    return new Identifier(target.database());
  }
}
