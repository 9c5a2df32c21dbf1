package dev.belay.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whether the application is well before and after a real operation. */
class HealthIT {
  private static final String[] BACKUP = {"create-backup", "--level", "listed", "--output", "json"};

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger asked = new AtomicInteger();
  private Target target = TestServer.admin();
  private HttpServer server;
  private String url = "";

  @BeforeEach
  void start() throws IOException {
    target = TestServer.fresh("health");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
    TestServer.drop(target);
  }

  /** What the server answers to the first, the second, … request; the last stays. */
  private void answers(int... statuses) {
    server.createContext(
        "/health",
        exchange -> {
          int number = asked.getAndIncrement();
          answer(exchange, statuses[Math.min(number, statuses.length - 1)], "all is well");
        });
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Cli belay(String... health) throws IOException {
    Files.writeString(
        folder.resolve("belay.yaml"), "health:\n  " + String.join("\n  ", health) + "\n");
    return new Cli(folder).on(target).with("PATH", System.getenv("PATH"));
  }

  private static List<String> remarks(Cli.Result result) {
    return Json.MAPPER
        .readTree(result.out())
        .path("remarks")
        .valueStream()
        .map(
            remark ->
                "%s %s: %s%s"
                    .formatted(
                        remark.path("kind").asString(),
                        remark.path("name").asString(),
                        remark.path("result").asString(),
                        remark.path("problem").asBoolean() ? " !" : ""))
        .toList();
  }

  @Test
  void whoWasWellAndIsNotAnyMoreIsAProblem() throws IOException {
    answers(200, 503);

    Cli.Result result = belay("patience: 200ms", "app: " + url + "/health").expect(10, BACKUP);

    assertThat(remarks(result))
        .containsExactly("health app: healthy before, unhealthy after: status 503 !");
    JsonNode answer = Json.MAPPER.readTree(result.out());
    assertThat(answer.path("outcome").asString()).isEqualTo("FINDINGS");
    assertThat(answer.path("databaseChanged").asBoolean()).isFalse();
  }

  @Test
  void aServiceThatNeedsAWhileIsWaitedFor() throws IOException {
    answers(204, 503, 502, 200);

    Cli.Result result = belay("patience: 20s", "app: " + url + "/health").expect(0, BACKUP);

    assertThat(remarks(result)).containsExactly("health app: healthy before and after");
    assertThat(asked.get()).isEqualTo(4);
  }

  @Test
  void whoWasNotWellBeforeIsOnlyMentioned() throws IOException {
    answers(500);

    Cli.Result result = belay("patience: 0s", "app: " + url + "/health").expect(0, BACKUP);

    assertThat(remarks(result))
        .containsExactly("health app: unhealthy before and after: status 500");
    assertThat(result.err()).contains("health app: unhealthy before anything was done: status 500");
  }

  @Test
  void theAnswerMustContainWhatIsExpected() throws IOException {
    answers(200);

    Cli.Result result =
        belay(
                "patience: 0s",
                "good: {url: '%s/health', expect: is well}".formatted(url),
                "bad: {url: '%s/health', expect: perfect}".formatted(url))
            .expect(0, BACKUP);

    assertThat(remarks(result))
        .containsExactly(
            "health good: healthy before and after",
            "health bad: unhealthy before and after: status 200 without 'perfect' in its answer");
  }

  @Test
  void whoDoesNotAnswerOrDripsIsNotWaitedForLongerThanAllowed() throws IOException {
    server.createContext("/hangs", exchange -> await());
    server.createContext(
        "/drips",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('.');
          exchange.getResponseBody().flush();
          await();
          exchange.close();
        });
    long begin = System.nanoTime();

    Cli.Result result =
        belay(
                "patience: 0s",
                "timeout: 300ms",
                "hangs: " + url + "/hangs",
                "drips: {url: '%s/drips', expect: never}".formatted(url),
                "nobody: http://127.0.0.1:1/",
                "unknown: http://no-such-host.invalid/")
            .expect(0, BACKUP);

    assertThat(remarks(result).subList(0, 3))
        .containsExactly(
            "health hangs: unhealthy before and after: no answer within 300 ms",
            "health drips: unhealthy before and after: no answer within 300 ms",
            "health nobody: unhealthy before and after: no connection");
    assertThat(remarks(result).get(3)).startsWith("health unknown: unhealthy before and after: ");
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin)).isLessThan(20);
  }

  private void await() {
    try {
      over.await();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aRedirectionIsFollowedAtTheSameHostOnly() throws IOException {
    answers(200);
    server.createContext(
        "/here",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/health");
          answer(exchange, 302, "");
        });
    server.createContext(
        "/away",
        exchange -> {
          exchange.getResponseHeaders().add("Location", url.replace("127.0.0.1", "localhost"));
          answer(exchange, 302, "");
        });
    server.createContext(
        "/round",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/round");
          answer(exchange, 307, "");
        });

    Cli.Result result =
        belay(
                "patience: 0s",
                "here: " + url + "/here",
                "away: " + url + "/away",
                "round: " + url + "/round")
            .expect(0, BACKUP);

    assertThat(remarks(result))
        .containsExactly(
            "health here: healthy before and after",
            "health away: unhealthy before and after: status 302, which leads to another host",
            "health round: unhealthy before and after: more than 5 redirections");
  }

  @Test
  void aUserInTheUrlIsSentAndNotShown() throws IOException {
    server.createContext(
        "/private",
        exchange -> {
          String sent = exchange.getRequestHeaders().getFirst("Authorization");
          answer(exchange, "Basic bWU6aHVudGVyMjI=".equals(sent) ? 200 : 401, "");
        });

    Cli.Result result =
        belay("- " + url.replace("//", "//me:hunter22@") + "/private?token=abcdefgh")
            .expect(0, BACKUP);

    assertThat(remarks(result)).singleElement().asString().contains("healthy before and after");
    assertThat(result.out() + result.err() + Files.readString(folder.resolve("belay.log")))
        .doesNotContain("hunter22")
        .doesNotContain("abcdefgh")
        .contains("me:****@127.0.0.1");
  }

  @Test
  void aQueryMustGiveOneRowThatIsNeitherNullNorFalseAndMayChangeNothing() throws IOException {
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      session.execute("create table public.kept as select 1 as id");
      session.execute(
          "create function public.adds() returns boolean language sql as"
              + " 'insert into public.kept values (2); select true'");
    }

    Cli.Result result =
        belay(
                "patience: 0s",
                "timeout: 500ms",
                "good: 'sql: select count(*) = 1 from public.kept'",
                "text: {sql: 'select version()::text || null'}",
                "no: 'sql: select false'",
                "none: 'sql: select 1 where false'",
                "many: 'sql: select generate_series(1, 1000000000)'",
                "three: {sql: select 1 + 2, expect: 3}",
                "four: {sql: select 2 + 2, expect: 5}",
                "slow: 'sql: select pg_sleep(60)'",
                "wrong: 'sql: selekt'",
                "writes: 'sql: select public.adds()'")
            .expect(0, BACKUP);

    assertThat(remarks(result).subList(0, 7))
        .containsExactly(
            "health good: healthy before and after",
            "health text: unhealthy before and after: the value is null",
            "health no: unhealthy before and after: the value is false",
            "health none: unhealthy before and after: no row",
            remarks(result).get(4),
            "health three: healthy before and after",
            "health four: unhealthy before and after: the value is 4, not 5");
    assertThat(remarks(result).get(4)).contains("health many: unhealthy before and after: ");
    assertThat(remarks(result).subList(7, 10))
        .allSatisfy(remark -> assertThat(remark).contains("unhealthy before and after: "));
    assertThat(remarks(result).get(9)).contains("read-only");
    try (Database session = new JdbcDatabases("belay-test").open(target)) {
      assertThat(session.number("select count(*) from public.kept")).isEqualTo(1);
    }
  }

  @Test
  void aRollbackThatMakesTheApplicationIllIsIncomplete() throws IOException {
    Files.createDirectories(folder.resolve("db"));
    Files.writeString(folder.resolve("db/V1__a.sql"), "create table public.a (id int);");
    Files.writeString(folder.resolve("db/U1__a.sql"), "drop table public.a;");
    Flyway.configure()
        .dataSource(
            "jdbc:postgresql://%s:%d/%s"
                .formatted(
                    target.host(),
                    target.port(),
                    URLEncoder.encode(target.database(), StandardCharsets.UTF_8)),
            target.user(),
            target.password().map(secret -> secret.reveal()).orElse(""))
        .locations("filesystem:" + folder.resolve("db"))
        .load()
        .migrate();

    Cli.Result result =
        belay("patience: 0s", "app: 'sql: select count(*) = 0 from public.a'")
            .with("FLYWAY_LOCATIONS", "filesystem:" + folder.resolve("db"))
            .run("rollback-migration", "V1", "--yes", "--no-export", "--output", "json");

    assertThat(result.status()).as(result.out() + result.err()).isEqualTo(20);
    assertThat(remarks(result))
        .singleElement()
        .asString()
        .startsWith("health app: healthy before, unhealthy after: ")
        .contains("does not exist")
        .endsWith(" !");
    assertThat(Json.MAPPER.readTree(result.out()).path("databaseChanged").asBoolean()).isTrue();
  }
}
