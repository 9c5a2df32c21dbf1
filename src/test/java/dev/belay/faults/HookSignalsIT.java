package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Children;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.Programs;
import dev.belay.support.Proxy;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a hook has stopped is started again, also when a signal ends the operation. */
class HookSignalsIT {
  private static final long IN_THE_ROWS = 1_500_000;

  @TempDir Path folder;
  private Ground ground;
  private Path seen;

  @BeforeEach
  void make() throws IOException {
    ground = Ground.of(folder, TestServer.fresh("hooked"));
    seen = folder.resolve("seen");
    Files.writeString(
        folder.resolve("tell"),
        """
        #!/bin/sh
        echo "$1 $BELAY_HOOK_OUTCOME $BELAY_HOOK_EXIT_STATUS" >>seen
        """);
    assertThat(folder.resolve("tell").toFile().setExecutable(true)).isTrue();
  }

  @AfterEach
  void drop() {
    ground.drop();
  }

  private void configure(String before) throws IOException {
    Files.writeString(
        folder.resolve("belay.yaml"),
        """
        hooks:
          create-backup:
            before: ["./tell stopped", %s]
            after: ["./tell never"]
            onFailure: ["./tell started"]
        """
            .formatted(before));
  }

  private static void signal(String signal, long pid) {
    Programs.run("kill", "-" + signal, "--", String.valueOf(pid));
  }

  private static Program.Running start(Program program, String... arguments) {
    List<String> command = new ArrayList<>(List.of("setsid", Program.LAUNCHER.toString()));
    command.addAll(List.of(arguments));
    return program.start(command);
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143, 1", "INT, 130, -1"})
  void whileTheOperationIsAtWork(String signal, int status, int sign) throws Exception {
    configure("\"true\"");
    ground.sql(
        "create table public.wide as select n, repeat(md5(n::text), 50) as text"
            + " from generate_series(1, 3000) n");
    try (Proxy proxy = Proxy.before(ground.live)) {
      proxy.stallAfter(IN_THE_ROWS);
      Path tools =
          ground.tools(
              "[ $name = pg_dump ] && export PGHOST=127.0.0.1 PGPORT=%d\n".formatted(proxy.port()));
      Program.Running running = start(ground.with(tools), "create-backup", "--level", "listed");
      proxy.awaitStrike();

      signal(signal, sign * running.process().pid());

      Cli.Result result = Ground.ended(status, running);
      assertThat(result.err()).contains("error: ended by a signal");
    }
    assertThat(Files.readAllLines(seen)).containsExactly("stopped  ", "started signal ");
    assertThat(ground.backups()).isEmpty();
    ground.assertNothingLeft();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143, 1", "INT, 130, -1"})
  void whileAHookIsAtWork(String signal, int status, int sign) throws Exception {
    Path pid = folder.resolve("pid");
    configure("\"sh -c 'sleep 600 & echo $! >pid; wait'\"");
    Program.Running running = start(ground.program(), "create-backup", "--level", "listed");
    long child = Long.parseLong(Children.awaitFile(pid).get(0));

    signal(signal, sign * running.process().pid());

    Ground.ended(status, running);
    Children.assertGone(child);
    assertThat(Files.readAllLines(seen)).containsExactly("stopped  ", "started signal ");
    assertThat(ground.backups()).isEmpty();
  }

  @Test
  void aKillWithoutMercyRunsNoHookAndTheNextRunIsAsAlways() throws Exception {
    Path pid = folder.resolve("pid");
    configure("\"sh -c 'echo $$ >pid; exec sleep 600'\"");
    Program.Running running = start(ground.program(), "create-backup", "--level", "listed");
    long child = Long.parseLong(Children.awaitFile(pid).get(0));

    signal("KILL", running.process().pid());
    Ground.ended(137, running);
    signal("KILL", child);
    TestServer.awaitEndOfRuns();

    assertThat(Files.readAllLines(seen)).containsExactly("stopped  ");
    configure("\"true\"");
    ground.expect(0, "create-backup", "--level", "listed");
    assertThat(Files.readAllLines(seen)).containsExactly("stopped  ", "stopped  ", "never ok 0");
  }

  @Test
  void aHookThatStartsAServiceDoesNotWaitForItsEnd() throws Exception {
    Path pid = folder.resolve("pid");
    configure("\"sh -c 'sleep 600 & echo $! >pid'\"");

    ground.expect(0, "create-backup", "--level", "listed");

    long child = Long.parseLong(Files.readString(pid).strip());
    try {
      assertThat(ProcessHandle.of(child)).isPresent();
    } finally {
      signal("KILL", child);
    }
  }

  @Test
  void aHookMayCallBelay() throws Exception {
    configure("\"%s list-backups\"".formatted(Program.LAUNCHER));
    Files.writeString(
        folder.resolve("belay.yaml"),
        Files.readString(folder.resolve("belay.yaml"))
            + "  all: {after: ['%s export-data --out out.json']}\n".formatted(Program.LAUNCHER));

    Cli.Result result = ground.expect(0, "create-backup", "--level", "listed");

    assertThat(result.out()).contains("done in ").contains("export-data --out");
    assertThat(Files.readAllLines(seen)).containsExactly("stopped  ", "never ok 0");
  }
}
