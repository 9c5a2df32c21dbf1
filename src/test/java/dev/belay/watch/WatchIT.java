package dev.belay.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.belay.core.Target;
import dev.belay.monitor.PrometheusText;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.rollback.Theatre;
import dev.belay.support.Await;
import dev.belay.support.Children;
import dev.belay.support.Cli;
import dev.belay.support.Cluster;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The command on a real server. */
class WatchIT {
  /** The machine that tests run on may be full of them. */
  private static final String[] QUICK = {
    "--interval", "100ms", "--max-memory", "off", "--max-disk", "off"
  };

  private final JdbcDatabases databases = new JdbcDatabases("belay-test");
  private Target target = TestServer.admin();
  @TempDir Path here = Path.of("");

  @BeforeEach
  void create() {
    target = TestServer.fresh("watched");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
    TestServer.dropReplaced(target);
  }

  private Cli.Result watch(int status, Target with, String... arguments) {
    List<String> all = new ArrayList<>(List.of("watch"));
    all.addAll(List.of(QUICK));
    all.addAll(List.of(arguments));
    return new Cli(here).on(with).expect(status, all.toArray(String[]::new));
  }

  private static JsonNode answer(Cli.Result result) {
    return Json.MAPPER.readTree(result.out()).path("result");
  }

  private void sql(String... statements) {
    try (Database session = databases.open(target)) {
      List.of(statements).forEach(session::execute);
    }
  }

  @Test
  void aDatabaseThatAnswersBreachesNothing() throws IOException {
    Path metrics = here.resolve("belay.prom");
    Path heartbeat = here.resolve("beat");

    JsonNode answer =
        answer(
            watch(
                0,
                target,
                "--for",
                "1s",
                "--metrics-file",
                metrics.toString(),
                "--heartbeat-file",
                heartbeat.toString(),
                "--output",
                "json"));

    assertThat(answer.path("probes").asInt()).isBetween(1, 11);
    assertThat(answer.path("failedProbes").asInt()).isZero();
    assertThat(answer.path("breached").asInt()).isZero();
    assertThat(answer.path("response").path("most").asDouble()).isPositive();
    assertThat(answer.path("thresholds").findValuesAsString("threshold"))
        .containsExactly("response", "errors", "connections", "lock-waits");
    assertThat(heartbeat).exists();
    PrometheusText text = PrometheusText.parse(Files.readString(metrics));
    assertThat(text.types())
        .containsEntry("belay_watch_breached", "gauge")
        .containsEntry("belay_probes_total", "counter");
    assertThat(text.value("belay_watch_breached", "threshold", "response")).isZero();
    assertThat(text.value("belay_probe_seconds", "database", target.toString()))
        .isBetween(1e-6, 10.0);
    assertThat(text.value("belay_last_success_timestamp_seconds", "database", target.toString()))
        .isBetween(System.currentTimeMillis() / 1000.0 - 60, System.currentTimeMillis() / 1000.0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(metrics)))
        .isEqualTo("rw-r--r--");
    try (var files = Files.list(here)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.endsWith(".partial"));
    }
  }

  @Test
  void aProbeThatHangsIsEndedAtItsLimitAndIsABreach() {
    long begin = System.nanoTime();
    JsonNode answer =
        answer(
            watch(
                10,
                target,
                "--probe-sql",
                "select pg_sleep(60)",
                "--max-response",
                "1s",
                "--until-breach",
                "--output",
                "json"));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(50));
    assertThat(answer.path("slowProbes").asInt()).isEqualTo(3);
    assertThat(answer.path("failedProbes").asInt()).isZero();
    JsonNode breach = answer.path("breachesSeen").get(0);
    assertThat(breach.path("threshold").asString()).isEqualTo("response");
    assertThat(breach.path("limit").asDouble()).isEqualTo(1000.0);
    assertThat(breach.path("peak").asDouble()).isBetween(1000.0, 20_000.0);
    assertThat(breach.has("endedAt")).isFalse();
    try (Database session = databases.open(TestServer.admin())) {
      TestServer.await(
          session,
          "select not exists (select from pg_stat_activity where datname = ? and state = 'active')",
          target.database());
    }
  }

  @Test
  void sessionsThatWaitAreCountedAndABreachIsOverAgain() {
    sql("create table public.t (id int)");
    CompletableFuture<Cli.Result> watch;
    CompletableFuture<Void> waiter;
    Path metrics = here.resolve("m.prom");
    try (Database holder = databases.open(target)) {
      holder.execute("begin");
      holder.execute("lock table public.t");
      waiter = CompletableFuture.runAsync(() -> sql("insert into public.t values (1)"));
      watch =
          CompletableFuture.supplyAsync(
              () ->
                  watch(
                      10,
                      target,
                      "--max-lock-waits",
                      "0",
                      "--breaches",
                      "2",
                      "--of",
                      "3",
                      "--for",
                      "8s",
                      "--metrics-file",
                      metrics.toString()));
      Await.until(
          "a breach", () -> value(metrics, "belay_watch_breached", "threshold", "lock-waits") == 1);
      holder.execute("commit");
    }
    Cli.Result result = watch.join();
    waiter.join();

    assertThat(result.err())
        .contains("breached: lock-waits 1 session, limit 0 sessions")
        .contains("lock-waits is within its limit again, after ");
    assertThat(result.out())
        .containsPattern("breached: lock-waits .* to \\d{4}-")
        .contains("1 breach");
  }

  private static double value(Path metrics, String name, String label, String of) {
    try {
      return Files.exists(metrics)
          ? PrometheusText.parse(Files.readString(metrics)).value(name, label, of)
          : -1;
    } catch (IOException cannot) {
      throw new AssertionError(cannot);
    }
  }

  @Test
  void aProbeWhoseTableGoesFailsAndTheCommandIsRunWithWhatIsKnown() throws IOException {
    sql("create table public.t (id int)");
    Path script = here.resolve("a 'script'");
    Path out = here.resolve("out");
    Files.writeString(
        script,
        "#!/bin/sh\nprintf '%s|' \"$@\" \"$BELAY_WATCH_THRESHOLD\" \"$BELAY_WATCH_DATABASE\" > '"
            + out
            + "'\necho >> '"
            + out
            + "'\nexit 7\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    CompletableFuture<Cli.Result> watch =
        CompletableFuture.supplyAsync(
            () ->
                watch(
                    10,
                    target,
                    "--probe-sql",
                    "select 1 from t",
                    "--error-window",
                    "5",
                    "--until-breach",
                    "--output",
                    "json",
                    "--heartbeat-file",
                    here + "/beat",
                    "--run",
                    "--",
                    script.toString(),
                    "$x; \"y\"",
                    "two\nlines",
                    "--for"));
    Await.until("the watch began", () -> Files.exists(here.resolve("beat")));
    sql("drop table public.t");
    JsonNode answer = answer(watch.join());

    assertThat(answer.path("failedProbes").asInt()).isPositive();
    assertThat(answer.path("breachesSeen").get(0).path("threshold").asString()).isEqualTo("errors");
    JsonNode run = answer.path("triggers").get(0);
    assertThat(run.path("trigger").asString()).isEqualTo("run");
    assertThat(run.path("status").asInt()).isEqualTo(7);
    Children.awaitFile(out);
    assertThat(Files.readString(out))
        .isEqualTo("$x; \"y\"|two\nlines|--for|errors|" + target + "|\n");
  }

  @Test
  void aCommandThatHangsIsEnded() {
    Cli.Result result =
        watch(
            10,
            target,
            "--probe-sql",
            "select pg_sleep(60)",
            "--max-response",
            "1s",
            "--until-breach",
            "--run-limit",
            "1s",
            "--run",
            "--",
            "sleep",
            "600");

    assertThat(result.out()).contains("sleep made no progress for 1.0 s and was ended");
  }

  @Test
  void aCoolDownKeepsTheSecondBreachFromRunningTheCommandAgain() throws IOException {
    Path runs = here.resolve("runs");
    JsonNode answer =
        answer(
            watch(
                10,
                target,
                "--probe-sql",
                "select pg_sleep(0.08)",
                "--max-response",
                "40ms",
                "--max-errors",
                "off",
                "--breaches",
                "1",
                "--of",
                "1",
                "--for",
                "1s",
                "--output",
                "json",
                "--run",
                "--",
                "sh",
                "-c",
                "echo x >> '" + runs + "'"));

    assertThat(answer.path("triggers").size()).isEqualTo(1);
    assertThat(Files.readAllLines(runs)).hasSize(1);
  }

  @Test
  void aProbeThatCannotWorkIsRefusedAtOnce() {
    assertThat(watch(2, target, "--probe-sql", "selec 1").err())
        .contains("the probe cannot work", "selec");
    assertThat(watch(2, target, "--probe-sql", "select 1 from no_such").err()).contains("no_such");
    assertThat(watch(2, target, "--probe-sql", "create table public.t (id int)").err())
        .contains("read-only transaction");
  }

  @Test
  void aServerThatCrashesMeanwhileIsAFailedProbeAndNotTheEnd() throws IOException {
    try (Cluster cluster = Cluster.with().start()) {
      Path metrics = here.resolve("m.prom");
      CompletableFuture<Cli.Result> watch =
          CompletableFuture.supplyAsync(
              () ->
                  watch(
                      0,
                      cluster.admin(),
                      "--max-errors",
                      "off",
                      "--for",
                      "15s",
                      "--metrics-file",
                      metrics.toString(),
                      "--output",
                      "json"));
      Await.until("the watch began", () -> Files.exists(metrics));
      try (Database victim = databases.open(cluster.admin())) {
        new ProcessBuilder("kill", "-9", String.valueOf(victim.loginPid())).start().onExit().join();
      }
      Cli.Result result = watch.join();
      JsonNode answer = answer(result);

      assertThat(answer.path("failedProbes").asInt())
          .isBetween(1, answer.path("probes").asInt() - 2);
      assertThat(result.err()).contains("the probe failed: ", "the probe is answered again");
    }
  }

  @Test
  void aHeartbeatIsHeardWhileAllIsWellAndNotInABreach() throws IOException {
    AtomicInteger heard = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/beat",
        exchange -> {
          heard.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/beat";
      watch(0, target, "--for", "1s", "--heartbeat-url", url);
      Await.until("a heartbeat", () -> heard.get() > 0);

      Cli.Result deaf =
          watch(0, target, "--for", "1s", "--heartbeat-url", url.replace("beat", "none"));
      assertThat(deaf.err()).contains("the heartbeat was not received: status 404");
      assertThat(deaf.err()).doesNotContain(url);
      heard.set(0);
      watch(
          10,
          target,
          "--for",
          "3s",
          "--heartbeat-url",
          url,
          "--breaches",
          "1",
          "--of",
          "1",
          "--probe-sql",
          "select pg_sleep(1)",
          "--max-response",
          "20ms");
      assertThat(heard).hasValue(0);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aRehearsedRollbackIsDoneAtTheBreachAndIsInTheAuditTrail() {
    Theatre theatre = new Theatre(target, here).migrated();
    Path metrics = here.resolve("m.prom");

    CompletableFuture<Cli.Result> watch =
        CompletableFuture.supplyAsync(
            () ->
                watch(
                    0,
                    target,
                    "--probe-sql",
                    "select pg_sleep(count(*) * 10) from pg_locks where locktype = 'advisory'"
                        + " and objid = 4711",
                    "--max-response",
                    "1s",
                    "--for",
                    "5m",
                    "--rollback",
                    "3",
                    "--yes",
                    "--no-backup",
                    "--metrics-file",
                    metrics.toString(),
                    "--output",
                    "json"));
    // What is beyond its limit from the beginning undoes nothing.
    Await.until(
        "twenty probes were made",
        () -> value(metrics, "belay_probes_total", "database", target.toString()) >= 20,
        watch);
    Cli.Result result;
    try (Database slow = new JdbcDatabases("belay-test").open(target)) {
      slow.execute("select pg_advisory_lock(4711)");
      result = watch.join();
    }

    assertThat(theatre.exists("plays")).isFalse();
    JsonNode whole = Json.MAPPER.readTree(result.out());
    assertThat(whole.path("databaseChanged").asBoolean()).isTrue();
    JsonNode answer = whole.path("result");
    assertThat(answer.path("rolledBack").asBoolean()).isTrue();
    assertThat(answer.path("triggers").get(0).path("exitCode").asString()).isEqualTo("OK");
    assertThat(answer.path("watchedMillis").asLong()).isLessThan(240_000);
    assertThat(new Cli(here).run("audit").out()).contains("watch");
  }

  @Test
  void whatWasBeyondItsLimitFromTheBeginningUndoesNothing() {
    Theatre theatre = new Theatre(target, here).migrated();

    Cli.Result result =
        watch(
            10,
            target,
            "--probe-sql",
            "select pg_sleep(60)",
            "--max-response",
            "1s",
            "--for",
            "8s",
            "--rollback",
            "3",
            "--yes",
            "--no-backup");

    assertThat(result.err()).contains("response is beyond its limit already: that undoes nothing");
    assertThat(result.out()).doesNotContain("trigger rollback");
    assertThat(theatre.exists("plays")).isTrue();
  }

  @Test
  void aRollbackThatWouldLoseRowsIsRefusedBeforeTheWatchBegins() {
    Theatre theatre = new Theatre(target, here).migrated();
    theatre.sql("insert into " + Theatre.SEATS + " values (1, 'a', 2.5)");

    Cli.Result result = watch(11, target, "--for", "5m", "--rollback", "2", "--yes", "--no-backup");

    assertThat(result.err()).contains("would lose data, and nobody would be asked", "1 values of");
    assertThat(theatre.exists("plays")).isTrue();
  }

  @Test
  void whatWouldBeLostByNowIsNotUndoneAtTheBreach() {
    Theatre theatre = new Theatre(target, here).migrated();
    Path beat = here.resolve("beat");
    String probe = "select pg_sleep(count(*) * 10) from " + Theatre.SEATS;
    CompletableFuture<Cli.Result> watch =
        CompletableFuture.supplyAsync(
            () ->
                watch(
                    10,
                    target,
                    "--probe-sql",
                    probe,
                    "--max-response",
                    "1s",
                    "--until-breach",
                    "--rollback",
                    "2",
                    "--yes",
                    "--no-backup",
                    "--heartbeat-file",
                    beat.toString()));
    Await.until("the watch began", () -> Files.exists(beat));
    theatre.sql("insert into " + Theatre.SEATS + " values (1, 'a', 2.5)");
    Cli.Result result = watch.join();

    assertThat(result.out())
        .contains("trigger rollback, for response: not undone, the database was not changed");
    assertThat(theatre.exists("plays")).isTrue();
  }

  @Test
  void nobodyIsThereToAgreeToARollback() {
    new Theatre(target, here).migrated();

    Cli.Result refused = watch(11, target, "--for", "1s", "--rollback", "3", "--no-backup");
    assertThat(refused.err()).contains("Plan: watch ", "nobody is there to confirm the plan");
    Cli.Result planned =
        watch(0, target, "--for", "1s", "--rollback", "3", "--no-backup", "--dry-run");
    assertThat(planned.err()).contains("on a breach, ", "the rollback: ");
    assertThat(planned.out()).startsWith("Nothing was watched");
  }
}
