package dev.belay.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.app.Main;
import dev.belay.cli.Accompaniment;
import dev.belay.cli.Announcement;
import dev.belay.cli.Announcer;
import dev.belay.cli.Facts;
import dev.belay.cli.Logging;
import dev.belay.cli.Outcome;
import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.core.Severity;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.PgVariables;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whom a watch tells what, and what it says when a signal ends it. */
class WatchTellingIT {
  private final List<Announcement> told = new CopyOnWriteArrayList<>();
  private Target target = TestServer.admin();
  @TempDir Path here = Path.of("");

  @BeforeEach
  void create() {
    target = TestServer.fresh("told");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  private Map<String, String> environment() {
    return PgVariables.of(target);
  }

  private int watch(String... arguments) {
    PrintWriter nowhere = new PrintWriter(new StringWriter());
    WatchCommand command =
        new WatchCommand(
            new Surroundings(environment(), here, here, "tester"),
            new Terminal(nowhere, nowhere, false, false, () -> null),
            "test");
    Announcer announcer =
        new Announcer() {
          @Override
          public void announced(Facts facts, Announcement announcement) {
            told.add(announcement);
          }

          @Override
          public void ended(Facts facts, Outcome outcome) {
            // Its answer is looked at elsewhere.
          }
        };
    command.accompaniedBy(() -> new Accompaniment(List.of(), announcer));
    try {
      return new CommandLine(command).execute(arguments);
    } finally {
      Logging.stop();
    }
  }

  @Test
  void peopleAreToldOfABreachAndOfItsEnd() {
    try (Database holder = new JdbcDatabases("belay-test").open(target);
        Database other = new JdbcDatabases("belay-test").open(target)) {
      holder.execute("create table public.t (id int)");
      holder.execute("begin");
      holder.execute("lock table public.t");
      CompletableFuture<Void> waiter =
          CompletableFuture.runAsync(() -> other.execute("insert into public.t values (1)"));
      CompletableFuture<Integer> watch =
          CompletableFuture.supplyAsync(
              () ->
                  watch(
                      "--interval",
                      "100ms",
                      "--max-lock-waits",
                      "0",
                      "--max-memory",
                      "off",
                      "--max-disk",
                      "off",
                      "--for",
                      "8s"));
      Await.until("somebody is told", () -> told.size() == 1);
      holder.execute("commit");
      waiter.join();
      assertThat(watch.join()).isEqualTo(10);
    }

    assertThat(told).hasSize(2);
    assertThat(told)
        .allSatisfy(
            each -> {
              assertThat(each.type()).isEqualTo(Announcement.Type.THRESHOLD_BREACHED);
              assertThat(each.facts())
                  .containsEntry("database", target.toString())
                  .containsEntry("threshold", "lock-waits")
                  .containsEntry("limit", "0 sessions")
                  .containsEntry("value", "1 session");
            });
    assertThat(told.get(0).severity()).isEqualTo(Severity.ERROR);
    assertThat(told.get(0).title()).contains("beyond its limit", target.toString());
    assertThat(told.get(1).severity()).isEqualTo(Severity.INFO);
    assertThat(told.get(1).title()).contains("within its limit again");
  }

  @Test
  void nobodyIsToldWhereThatIsAskedFor() {
    assertThat(
            watch(
                "--interval",
                "100ms",
                "--probe-sql",
                "select pg_sleep(60)",
                "--max-response",
                "1s",
                "--max-memory",
                "off",
                "--max-disk",
                "off",
                "--until-breach",
                "--on-breach",
                "nothing"))
        .isEqualTo(10);
    assertThat(told).isEmpty();
  }

  @Test
  void aSignalEndsItWithWhatItSaw() throws IOException, InterruptedException {
    Path beat = here.resolve("beat");
    Process process =
        ChildJvm.start(
            "",
            Main.class,
            here,
            environment(),
            "watch",
            "--interval",
            "100ms",
            // A busy machine is in no breach: there is no heartbeat in one.
            "--max-memory",
            "off",
            "--max-disk",
            "off",
            "--max-response",
            "30s",
            "--heartbeat-file",
            beat.toString());
    try {
      Await.until("it watches", () -> Files.exists(beat), process);
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(process.waitFor()).isEqualTo(130);
      assertThat(output).contains("Watched " + target, "nothing was breached", "ended by a signal");
    } finally {
      process.destroyForcibly();
    }
  }
}
