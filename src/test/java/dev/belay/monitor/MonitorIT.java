package dev.belay.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.monitor.MonitorLine.Sample;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cluster;
import dev.belay.support.Proxy;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The monitor on a real server. */
class MonitorIT {
  private final JdbcDatabases databases = new JdbcDatabases("belay-test");
  private final RunId run = RunId.fresh();
  private Target target = TestServer.admin();
  private Path folder = Path.of("");

  @BeforeEach
  void create(@TempDir Path temporary) {
    target = TestServer.fresh("monitored");
    folder = temporary.resolve("migration_monitoring");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private Monitoring start(Target with) {
    return Monitor.start(
        databases,
        with,
        new MonitorSettings(Duration.ofMillis(100), Duration.ZERO, folder),
        "migrate",
        run,
        Quiet.progress());
  }

  private static Path file(Monitoring monitoring) {
    return monitoring.file().orElseThrow();
  }

  @Test
  void seesSessionsThatWorkWaitAndHoldATransactionOpen() {
    try (Database holder = databases.open(target);
        Monitoring monitoring = start(target)) {
      holder.execute("create table public.t (id int)");
      Samples.await(
          file(monitoring), 0, "one connection", s -> Integer.valueOf(1).equals(s.connections()));
      holder.execute("begin");
      holder.execute("lock table public.t");
      Thread waiter =
          new Thread(
              () -> {
                try (Database other = databases.open(target)) {
                  other.number("select count(*) from public.t");
                }
              });
      waiter.start();

      Sample seen =
          Samples.await(
              file(monitoring),
              0,
              "a waiting session",
              s -> s.waiting() != null && s.waiting() == 1);
      holder.execute("commit");
      join(waiter);
      int so = Samples.of(file(monitoring)).size();
      Samples.await(
          file(monitoring), so, "nobody waits", s -> s.waiting() != null && s.waiting() == 0);
      MonitorSummary summary = monitoring.finish();

      assertThat(seen.connections()).isEqualTo(2);
      assertThat(seen.active()).isEqualTo(1);
      assertThat(seen.longestTransactionMillis()).isPositive();
      assertThat(summary.peakWaiting()).isEqualTo(1);
      assertThat(summary.peakReplicationLagBytes()).as("there is no standby").isNull();
      assertThat(summary.peakDbConnections()).isEqualTo(2);
      assertThat(summary.notes()).isEmpty();
      assertThat(summary.machine()).endsWith(", where the database is too");
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(30_000);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void countsWhatTheServerWritesAndTheTransactionsOfTheDatabase() {
    try (Database session = databases.open(target);
        Monitoring monitoring = start(target)) {
      Samples.await(file(monitoring), 0, "a first look", s -> s.connections() != null);
      session.execute(
          "create table public.t as select g, repeat('x', 500) from generate_series(1, 20000) g");
      Samples.await(
          file(monitoring),
          1,
          "WAL",
          s -> s.walBytesPerSecond() != null && s.walBytesPerSecond() > 0);
      Samples.await(
          file(monitoring),
          1,
          "commits",
          s -> s.commitsPerSecond() != null && s.commitsPerSecond() > 0);

      int so = Samples.of(file(monitoring)).size();
      Samples.await(file(monitoring), so, "a look afterwards", s -> s.connections() != null);

      // 10 MB of rows can only be more in the log.
      assertThat(monitoring.finish().walBytes()).isGreaterThan(10_000_000L);
    }
  }

  @Test
  void writesAPrivateFileThatSaysWhatWasAskedAndHowItEnded() throws IOException {
    MonitorSummary summary;
    Path file;
    try (Monitoring monitoring = start(target)) {
      file = file(monitoring);
      monitoring.mark("migrations");
      monitoring.error();
      monitoring.warning();
      monitoring.warning();
      Samples.await(file, 2, "a third sample", s -> true);
      summary = monitoring.finish();
      assertThat(monitoring.finish()).isEqualTo(summary);
    }

    assertThat(file.getFileName().toString()).matches("migrate_\\d{8}_\\d{6}_" + run + "\\.jsonl");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    List<MonitorLine> lines = Samples.lines(file);
    assertThat(lines.get(0))
        .isInstanceOfSatisfying(
            MonitorLine.Begin.class,
            begin -> {
              assertThat(begin.command()).isEqualTo("migrate");
              assertThat(begin.run()).isEqualTo(run.text());
              assertThat(begin.database()).isEqualTo(target.toString());
              assertThat(begin.intervalMillis()).isEqualTo(100);
            });
    assertThat(lines)
        .filteredOn(MonitorLine.Mark.class::isInstance)
        .extracting("step")
        .containsExactly("migrations");
    assertThat(lines.get(lines.size() - 1))
        .isInstanceOfSatisfying(
            MonitorLine.End.class, end -> assertThat(end.summary()).isEqualTo(summary));
    assertThat(summary.totalErrors()).isEqualTo(1);
    assertThat(summary.totalWarnings()).isEqualTo(2);
    assertThat(summary.samples()).isEqualTo(Samples.of(file).size());
    assertThat(summary.file()).isEqualTo(file.toString());
    Path alone = Path.of(file.toString().replace(".jsonl", ".json"));
    assertThat(Json.MAPPER.readValue(alone.toFile(), MonitorSummary.class)).isEqualTo(summary);
    assertThat(MonitorFile.of(folder, run)).containsExactly(file);
    assertThat(MonitorFile.of(folder, RunId.fresh())).isEmpty();
  }

  @Test
  void theSummaryIsWhatTheSamplesGive() {
    MonitorSummary summary;
    Path file;
    try (Monitoring monitoring = start(target)) {
      file = file(monitoring);
      Samples.await(file, 6, "seven samples", s -> true);
      summary = monitoring.finish();
    }

    List<Sample> samples = Samples.of(file);
    double average =
        samples.stream()
            .filter(s -> s.cpu() != null)
            .mapToDouble(Sample::cpu)
            .average()
            .orElseThrow();
    double most =
        samples.stream().filter(s -> s.cpu() != null).mapToDouble(Sample::cpu).max().orElseThrow();
    assertThat(summary.avgCpuUsage()).isCloseTo(average, Offset.offset(0.051));
    assertThat(summary.maxCpuUsage()).isEqualTo(most);
    assertThat(summary.avgMemoryUsage()).isBetween(0.0, summary.maxMemoryUsage());
    assertThat(summary.maxDiskUsage()).isBetween(0.1, 100.0);
    assertThat(summary.durationSeconds()).isBetween(0.6, 60.0);
  }

  @Test
  void aRoleWithoutRightsSeesCountsAndWaitsAndIsToldWhatItDoesNotSee() {
    String role = "poor " + run;
    try (Database admin = databases.open(target)) {
      admin.execute("create role " + new Identifier(role) + " login password 'poor'");
      Target poor =
          new Target(
              target.host(),
              target.port(),
              target.database(),
              role,
              Optional.of(new Secret("poor")),
              target.tls(),
              10);
      admin.execute("create table public.t (id int)");
      admin.execute("begin");
      admin.execute("lock table public.t");
      Thread waiter =
          new Thread(
              () -> {
                try (Database other = databases.open(target)) {
                  other.number("select count(*) from public.t");
                }
              });
      try (Monitoring monitoring = start(poor)) {
        waiter.start();
        Sample seen =
            Samples.await(
                file(monitoring),
                0,
                "a waiting session",
                s -> s.waiting() != null && s.waiting() == 1);
        admin.execute("commit");
        join(waiter);
        MonitorSummary summary = monitoring.finish();

        assertThat(seen.connections()).isEqualTo(2);
        assertThat(seen.walBytesPerSecond() == null || seen.walBytesPerSecond() >= 0).isTrue();
        assertThat(summary.notes())
            .singleElement()
            .satisfies(note -> assertThat(note).contains(role, "grant pg_monitor"));
      } finally {
        admin.execute("rollback");
        admin.execute("drop role " + new Identifier(role));
      }
    }
  }

  @Test
  void itsSessionHasANameOfItsOwnAndEndsWithIt() {
    Monitoring monitoring = start(target);
    try (Database session = databases.open(TestServer.admin())) {
      TestServer.await(
          session,
          "select count(*) = 1 from pg_stat_activity where datname = ? and application_name = ?",
          target.database(),
          "belay:" + run + ":monitor");
      monitoring.finish();

      TestServer.await(
          session,
          "select count(*) = 0 from pg_stat_activity where application_name = ?",
          "belay:" + run + ":monitor");
    } finally {
      monitoring.close();
    }
  }

  @Test
  void survivesAServerThatCrashesAndComesBack() throws IOException {
    try (Cluster cluster = Cluster.with().start()) {
      try (Monitoring monitoring = start(cluster.admin())) {
        Path file = file(monitoring);
        Samples.await(file, 0, "a first look", s -> s.connections() != null);
        try (Database victim = databases.open(cluster.admin())) {
          new ProcessBuilder("kill", "-9", String.valueOf(victim.loginPid()))
              .start()
              .onExit()
              .join();
        }
        Sample gap = Samples.await(file, 0, "a gap", s -> s.gap() != null);
        int so = Samples.of(file).size();
        Samples.await(file, so, "it sees again", s -> s.connections() != null);
        MonitorSummary summary = monitoring.finish();

        assertThat(gap.connections()).isNull();
        assertThat(gap.memory()).isNotNull();
        assertThat(summary.gaps()).isPositive().isLessThan(summary.samples());
      }
    }
  }

  @Test
  void aServerThatDoesNotAnswerDelaysNothing() {
    try (Proxy proxy = Proxy.before(target)) {
      Monitoring monitoring = start(proxy.through(target));
      Path file = file(monitoring);
      Samples.await(file, 0, "a first look", s -> s.connections() != null);
      proxy.stall();
      Sample gap = Samples.await(file, 0, "a gap", s -> s.gap() != null);
      // The machine is still looked at, every tenth of a second.
      int so = Samples.of(file).size();
      Samples.await(file, so + 5, "five more", s -> s.memory() != null);
      long begin = System.nanoTime();
      MonitorSummary summary = monitoring.finish();

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(6));
      assertThat(gap.gap()).startsWith("no answer");
      assertThat(summary.gaps()).isGreaterThan(5);
    }
  }

  @Test
  void aServerThatIsNotThereIsAGapAndNoFailure() {
    Target nowhere = new Target("127.0.0.1", 1, "x", "y", Optional.empty(), target.tls(), 10);
    try (Monitoring monitoring = start(nowhere)) {
      Sample gap = Samples.await(file(monitoring), 1, "a gap", s -> s.gap() != null);

      assertThat(gap.gap()).contains("127.0.0.1");
      assertThat(gap.memory()).isNotNull();
      assertThat(monitoring.finish().peakDbConnections()).isNull();
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsANote() throws IOException {
    Files.writeString(folder, "no folder");
    try (Monitoring monitoring = start(target)) {
      monitoring.mark("still");
      MonitorSummary summary = monitoring.finish();

      assertThat(monitoring.file()).isEmpty();
      assertThat(summary.file()).isNull();
      assertThat(summary.notes())
          .singleElement()
          .asString()
          .startsWith("the samples cannot be kept in ");
      assertThat(summary.samples()).isPositive();
    }
  }
}
