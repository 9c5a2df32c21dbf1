package dev.belay.pgtools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Secret;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import dev.belay.support.ChildJvm;
import dev.belay.support.Children;
import dev.belay.support.Proxy;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DumpFaultsIT {
  private final Path folder;
  private final Rig rig;
  private final Target source = TestServer.fresh("faults");

  DumpFaultsIT(@TempDir Path folder) {
    this.folder = folder;
    this.rig = new Rig(folder);
  }

  @AfterEach
  void drop() {
    TestServer.drop(source);
  }

  @Test
  void anOddExitIsSaidWithItsLastWordsAndTheLog() {
    Failure failure = fails("echo 'pg_dump: error: the moon' >&2; exit 3");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message())
        .isEqualTo("the dump of " + source + " failed: pg_dump ended with 3: the moon");
    assertThat(failure.hint()).contains(rig.log.toString());
  }

  @Test
  void anExitWithoutAWordIsSaidToBeOne() {
    assertThat(fails("exit 1").message()).endsWith("pg_dump ended with 1 and said nothing");
  }

  @Test
  void aDeathBySignalIsSaidToBeOne() {
    Failure failure = fails("kill -KILL $$");
    assertThat(failure.message()).contains("pg_dump was ended by signal 9 (SIGKILL)");
    assertThat(failure.hint()).contains("memory");
  }

  @Test
  void muchOrBinaryOutputStaysSmallInTheMessage() {
    Failure much = fails("yes 'pg_dump: error: again and again' | head -200000 >&2; exit 1");
    assertThat(much.message()).hasSizeLessThan(1500).contains("and 199,997 more errors");
    Failure binary = fails("head -c 3000000 /dev/urandom >&2; exit 1");
    assertThat(binary.message()).hasSizeLessThan(9000).doesNotContain("\u001b", "\0");
    Failure one = fails("printf 'pg_dump: error: ' >&2; head -c 3000000 /dev/zero >&2; exit 1");
    assertThat(one.message()).hasSizeLessThan(1500);
  }

  @Test
  void anEndAsIfAllWereWellIsNotBelieved() {
    assertThat(fails("exit 0").message()).contains("what it wrote is no archive");
    assertThat(
            fails("for a; do case $a in --file=*) f=${a#*=};; esac; done; mkdir $f; : >$f/toc.dat")
                .message())
        .contains("what it wrote is no archive");
    rig.recipients = Recipients.parse(List.of(Rig.keys(folder, "a.key").publicKey()));
    assertThat(fails("exit 0").message()).contains("what it wrote is no archive");
    assertThat(fails("echo PGDM").message()).contains("what it wrote is no archive");
    assertThat(fails("echo 'pg_dump: error: x' >&2; exit 1").message()).endsWith("with 1: x");
  }

  @Test
  void whatIsThereAlreadyIsNotTouchedEvenWhenTheServerIsDead() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "precious");
    Target dead = new Target("127.0.0.1", 1, "x", "x", Optional.empty(), source.tls(), 2);
    Failure failure = failure(() -> rig.dump(dead, "precious", rig.tools.dumpFor(rig.server), "0"));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(precious).hasContent("precious");
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("elsewhere"));
    assertThat(failure(() -> rig.dump(dead, "link", rig.tools.dumpFor(rig.server), "0")).exitCode())
        .isEqualTo(ExitCode.REFUSED);
  }

  @Test
  void aDeadServerIsUnavailable() {
    Target dead = new Target("127.0.0.1", 1, "x", "x", Optional.empty(), source.tls(), 2);
    Failure failure = failure(() -> rig.dump(dead, "dump", rig.tools.dumpFor(rig.server), "0"));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(failure.message()).contains("Connection refused");
  }

  @Test
  void aSnapshotWhoseSessionIsGoneIsSaidToBe() {
    // A session may outlive its close for a moment; this one was never there.
    String gone = "0000FFFF-0000FFFF-1";
    Failure failure = failure(() -> rig.dump(source, "dump", rig.tools.dumpFor(rig.server), gone));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message()).contains("the session that held the snapshot is gone");
    assertThat(failure.hint()).startsWith("run it again");
  }

  @Test
  void aTableThatIsNotThereIsUnavailableAndNamed() {
    rig.selection = new DumpSelection(List.of(new TableName("public", "no \"such\"")), List.of());
    Failure failure = failure(() -> rig.dump(source, "dump"));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(failure.message()).contains("no \"\"such\"\"");
  }

  @Test
  void aTableThatMayNotBeReadIsUnavailableAndNamed() {
    String role = "reader_" + ProcessHandle.current().pid();
    rig.sql(source, "create table secret (id int)", "create role " + role + " login password 'r'");
    try {
      Target limited =
          new Target(
              source.host(),
              source.port(),
              source.database(),
              role,
              Optional.of(new Secret("r")),
              source.tls(),
              10);
      Failure failure = failure(() -> rig.dump(limited, "dump"));
      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(failure.message()).contains("permission denied for table secret");
    } finally {
      rig.sql(source, "drop role " + role);
    }
  }

  @Test
  void aChangeThatWaitsBehindAParallelDumpIsExplained() throws Exception {
    rig.sql(source, "create table t as select 1 as id");
    Failure failure = dumpBehind("pg_dump: error: could not obtain lock on relation \"public.t\"");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message()).contains("another session waits to change that table");
    assertThat(failure.hint()).contains("pg_blocking_pids");
  }

  private Failure dumpBehind(String words) {
    return fails("cat >&2 <<'END'\n" + words + "\nEND\nexit 1");
  }

  @Test
  void aDamagedPageIsAFindingThatNamesTheTable() {
    Failure failure =
        dumpBehind(
            "pg_dump: error: Dumping the contents of table \"accounts\" failed: PQgetResult()"
                + " failed.\npg_dump: detail: Error message from server: ERROR:  invalid page in"
                + " block 5 of relation base/16385/16386");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(failure.message()).contains("accounts").contains("the database itself is damaged");
  }

  @Test
  void aLockThatSomebodyHoldsEndsTheWait() throws Exception {
    rig.sql(source, "create table t as select 1 as id");
    try (Database holder = rig.databases.open(source)) {
      Failure failure =
          holder.inTransaction(
              () -> {
                holder.execute("lock table public.t in access exclusive mode");
                Tool quick = quick(rig.tools.dumpFor(rig.server));
                return failure(() -> rig.dump(source, "dump", quick));
              });
      assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
      assertThat(failure.message())
          .contains("holds a lock")
          .contains("the strongest lock on public.t is held by process " + holder.loginPid());
    }
  }

  /** The real program, with less patience than 30 s. */
  private Tool quick(Tool real) {
    return rig.fake(
        "pg_dump",
        "for a; do shift; case $a in --lock-wait*) a=--lock-wait-timeout=200;; esac;"
            + " set -- \"$@\" \"$a\"; done; exec "
            + real.path()
            + " \"$@\"");
  }

  @Test
  void aNetworkThatStallsEndsTheDump() throws Exception {
    rig.sql(source, "create table t as select repeat('x', 1000) from generate_series(1, 50000)");
    rig.stallTimeout = Duration.ofSeconds(2);
    try (Proxy proxy = Proxy.before(source).stallAfter(8_000_000);
        Snapshot snapshot = Snapshot.take(rig.databases, source)) {
      Target through = proxy.through(source);
      Failure failure =
          failure(() -> rig.dump(through, "dump", rig.tools.dumpFor(rig.server), snapshot.id()));
      assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(failure.message()).contains("made no progress for 2.0 s");
    }
  }

  @Test
  void aStoppedDumpIsEndedAndLeavesNoProcess() {
    // Long enough for a busy machine to start it.
    rig.stallTimeout = Duration.ofSeconds(2);
    Failure failure = fails("echo $$ > " + folder.resolve("pids") + "; kill -STOP $$");
    assertThat(failure.message()).contains("made no progress");
    Children.assertGone(folder.resolve("pids"));
  }

  @Test
  void aServerThatWorksInSilenceIsNoStall() {
    rig.sql(
        source,
        "create function slow() returns int language plpgsql immutable as $$ declare n bigint = 0;"
            + " until timestamptz = clock_timestamp() + interval '5 s'; begin"
            + " while clock_timestamp() < until loop n = n + 1; end loop; return 1; end $$",
        "create table t (id int)",
        "create materialized view v as select public.slow() as one from public.t");
    rig.sql(source, "insert into t values (1)");
    rig.dump(source, "dump");
    Target target = TestServer.fresh("slow");
    try {
      rig.stallTimeout = Duration.ofSeconds(2);
      rig.restore(
          DumpArchive.folder(folder.resolve("dump")), target, RestoreRequest.Manner.NEW_DATABASE);
      assertThat(rig.text(target, "select one::text from v")).isEqualTo("1");
    } finally {
      TestServer.drop(target);
    }
  }

  @Test
  void aRestoreThatWaitsForALockIsAStallAndEndsOnTheServerToo() {
    rig.sql(source, "create table t as select 1 as id");
    rig.dump(source, "dump");
    rig.stallTimeout = Duration.ofSeconds(1);
    try (Database holder = rig.databases.open(source)) {
      holder.inTransaction(
          () -> {
            holder.execute("lock table public.t in access share mode");
            Failure failure =
                failure(
                    () ->
                        rig.restore(
                            DumpArchive.folder(folder.resolve("dump")),
                            source,
                            RestoreRequest.Manner.IN_PLACE));
            assertThat(failure.message()).contains("pg_restore made no progress");
            return 0;
          });
    }
    try (Database session = rig.databases.open(source)) {
      TestServer.await(
          session,
          "select not exists (select from pg_stat_activity where application_name like"
              + " '%:pg_restore' and datname = current_database())");
    }
    assertThat(rig.text(source, "select count(*)::text from t")).isEqualTo("1");
  }

  @Test
  void thePasswordIsInNoArgumentNoLogAndNoFailure() throws IOException {
    Target secret =
        new Target(
            source.host(),
            source.port(),
            source.database(),
            source.user(),
            Optional.of(new Secret("c@nary-pass:word")),
            source.tls(),
            10);
    Path arguments = folder.resolve("arguments");
    Failure failure =
        failure(
            () ->
                rig.dump(
                    secret,
                    "dump",
                    rig.fake(
                        "pg_dump",
                        "tr '\\0' ' ' </proc/$$/cmdline > "
                            + arguments
                            + "; echo ${#PGPASSWORD} >&2; exit 1")));
    assertThat(failure.message()).endsWith("pg_dump ended with 1: 16");
    assertThat(failure.message() + failure.hint()).doesNotContain("c@nary");
    assertThat(Files.readString(arguments)).contains("--no-password").doesNotContain("c@nary");
    assertThat(Files.readString(rig.log)).doesNotContain("c@nary");
  }

  @Test
  void aDamagedArchiveIsAFindingAndSoIsATruncatedOne() throws IOException {
    rig.sql(source, "create table t as select n, md5(n::text) from generate_series(1, 20000) n");
    rig.dump(source, "dump");
    DumpArchive archive = DumpArchive.folder(folder.resolve("dump"));
    check(archive);
    Path data =
        Rig.files(folder.resolve("dump")).stream()
            .filter(file -> file.toString().endsWith(".dat.gz"))
            .findFirst()
            .orElseThrow();
    byte[] good = Files.readAllBytes(data);
    byte[] bad = good.clone();
    bad[bad.length / 2] ^= 4;
    Files.write(data, bad);
    assertDamaged(archive);
    Files.write(data, Arrays.copyOf(good, good.length / 2));
    assertDamaged(archive);
    Files.delete(data);
    assertDamaged(archive);
    Files.write(data, good);
    Files.write(folder.resolve("dump/toc.dat"), new byte[100]);
    assertDamaged(archive);
    Files.delete(folder.resolve("dump/toc.dat"));
    assertDamaged(archive);
  }

  @Test
  void aDamagedEncryptedArchiveIsAFindingAndAWrongKeyIsNot() throws IOException {
    Rig.Keys keys = Rig.keys(folder, "a.key");
    rig.recipients = Recipients.parse(List.of(keys.publicKey()));
    rig.sql(source, "create table t as select n, md5(n::text) from generate_series(1, 20000) n");
    rig.dump(source, "dump.age");
    Path file = folder.resolve("dump.age");
    DumpArchive archive = DumpArchive.encrypted(file, keys.identity());
    check(archive);
    DumpArchive wrong = DumpArchive.encrypted(file, Rig.keys(folder, "b.key").identity());
    Failure failure = failure(() -> check(wrong));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(failure.message()).contains("no key in ");
    byte[] good = Files.readAllBytes(file);
    byte[] bad = good.clone();
    bad[bad.length - 1000] ^= 4;
    Files.write(file, bad);
    assertDamaged(archive);
    Files.write(file, Arrays.copyOf(good, good.length - 1));
    assertDamaged(archive);
    Files.delete(file);
    assertThat(failure(() -> check(archive)).exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
  }

  private void check(DumpArchive archive) {
    new PgRestore(rig.databases)
        .readable(archive, rig.tools.readerFor(15), rig.log, 2, Rig.PATIENCE);
  }

  private void assertDamaged(DumpArchive archive) {
    Failure failure = failure(() -> check(archive));
    assertThat(failure).isNotNull();
    assertThat(failure.exitCode()).as(failure.message()).isEqualTo(ExitCode.FINDINGS);
    assertThat(failure.message()).contains("damaged").contains(archive.path().toString());
  }

  @Test
  void anErrorOfTheRestoreIsNeverIgnored() {
    rig.sql(source, "create table t as select 1 as id");
    rig.dump(source, "dump");
    Failure failure =
        failure(
            () ->
                rig.restore(
                    DumpArchive.folder(folder.resolve("dump")),
                    source,
                    RestoreRequest.Manner.NEW_DATABASE));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure.message())
        .contains("the restore into " + source + " failed: pg_restore ended with 1")
        .contains("relation \"t\" already exists");
  }

  @Test
  void onlyTheTimeoutThatOldServersDoNotKnowMayFailAndNothingElse() {
    rig.sql(source, "create table t as select 1 as id");
    rig.dump(source, "dump");
    String error =
        "echo 'pg_restore: error: could not execute query: ERROR:  unrecognized configuration"
            + " parameter \"transaction_timeout\"' >&2;";
    String end = "echo 'pg_restore: warning: errors ignored on restore: 1' >&2; exit 1";
    Tool newer = newer(error + end);
    RestoreResult restored = restore(newer);
    assertThat(restored.ignored())
        .containsExactly(
            "could not execute query: ERROR:  unrecognized configuration parameter"
                + " \"transaction_timeout\"");
    Failure other =
        failure(() -> restore(newer(error + "echo 'pg_restore: error: other' >&2;" + end)));
    assertThat(other.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(failure(() -> restore(newer(error + "exit 1"))).exitCode())
        .isEqualTo(ExitCode.FAILED);
    assertThat(failure(() -> restore(newer(end))).exitCode()).isEqualTo(ExitCode.FAILED);
    Failure inPlace =
        failure(
            () ->
                rig.restore(
                    DumpArchive.folder(folder.resolve("dump")),
                    source,
                    RestoreRequest.Manner.IN_PLACE,
                    newer));
    assertThat(inPlace.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(inPlace.hint()).contains("15");
  }

  private Tool newer(String script) {
    Tool fake = rig.fake("pg_restore", script);
    return new Tool(fake.path(), "pg_restore", 17, "17.2");
  }

  private RestoreResult restore(Tool tool) {
    return rig.restore(
        DumpArchive.folder(folder.resolve("dump")),
        source,
        RestoreRequest.Manner.NEW_DATABASE,
        tool);
  }

  @Test
  void aSignalEndsTheDumpAndLeavesNoProcess() throws Exception {
    Path pids = folder.resolve("pids");
    Tool tool =
        rig.fake(
            "pg_dump",
            "echo $$ > %s.new; sleep 1000 & echo $! >> %s.new; mv %s.new %s; wait"
                .formatted(pids, pids, pids, pids));
    Process process =
        ChildJvm.start(
            "",
            DumpProcess.class,
            folder,
            Map.of(),
            source.host(),
            String.valueOf(source.port()),
            name(source),
            tool.path().toString());
    Children.awaitFile(pids);
    process.destroy();
    assertThat(process.waitFor()).isEqualTo(143);
    Children.assertGone(pids);
  }

  @Test
  void aNameThatTheLocaleCannotSayIsNotTakenForAnother() {
    ChildJvm.Result result =
        ChildJvm.run(
            "",
            DumpProcess.class,
            folder,
            Map.of("LC_ALL", "C"),
            source.host(),
            String.valueOf(source.port()),
            name(source),
            rig.fake("pg_dump", "touch started").path().toString());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output()).contains("cannot be given to a program in this locale");
    assertThat(folder.resolve("started")).doesNotExist();
  }

  private static String name(Target target) {
    byte[] name = target.database().getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().encodeToString(name);
  }

  private Failure fails(String script) {
    Failure failure =
        failure(
            () ->
                rig.dump(source, "dump" + System.nanoTime(), rig.fake("pg_dump", script), "00-1"));
    assertThat(failure.message().getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    return failure;
  }

  private static Failure failure(ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(Failure.class, call);
  }
}
