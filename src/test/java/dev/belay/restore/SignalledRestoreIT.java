package dev.belay.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.app.Main;
import dev.belay.process.ShellWords;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.Children;
import dev.belay.support.Programs;
import dev.belay.support.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A restore that a signal ends when its swap is done says where the replaced database is. */
@Timeout(240)
class SignalledRestoreIT {
  @TempDir private Path folder = Path.of("");
  private Shop shop;

  @BeforeEach
  void open() {
    shop = new Shop(folder);
  }

  @AfterEach
  void close() {
    TestServer.awaitEndOfRuns();
    shop.close();
  }

  @ParameterizedTest
  @CsvSource({"TERM, 143", "INT, 130"})
  void rightAfterTheSwapItNamesTheReplacedDatabaseAndTheWayBack(String signal, int status)
      throws Exception {
    String backup = shop.backup();
    shop.sql("insert into public.log values (now(), 'since the backup')");
    long rows = shop.number("select count(*) from public.log");
    Path held = folder.resolve("held");
    Process restore =
        ChildJvm.start(
            "swap-renamed", Main.class, folder, environment(held), "backup-restore", backup, "-y");
    try {
      Await.until("it holds behind the swap", () -> Files.exists(held), restore);
      Programs.run("kill", "-" + signal, String.valueOf(restore.pid()));
      // The signal is heard; what it runs waits until the swap's window is over.
      Children.awaitThread(restore, "cleanup");
    } catch (Throwable broken) {
      restore.destroyForcibly();
      throw broken;
    } finally {
      Files.deleteIfExists(held);
    }
    String output = new String(restore.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(restore.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(restore.exitValue()).as(output).isEqualTo(status);
    TestServer.awaitEndOfRuns();

    assertThat(shop.number("select count(*) from public.log")).isEqualTo(rows - 1);
    String replaced = shop.replaced().get(0);
    assertThat(output)
        .contains(
            "error: ended by a signal",
            "hint: look what is there now before anything is run again: belay verify-state",
            "%s was swapped, and what was live until then is kept as %s (back with: belay %s)"
                .formatted(
                    shop.live.database(),
                    replaced,
                    ShellWords.join(List.of("undo-restore", replaced))));
    shop.expect(0, "undo-restore", replaced, "--yes");
    assertThat(shop.number("select count(*) from public.log")).isEqualTo(rows);
  }

  private Map<String, String> environment(Path held) {
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_TOOL_OPTIONS", "-Dbelay.failpoint.held=" + held);
    environment.put("PGHOST", shop.live.host());
    environment.put("PGPORT", String.valueOf(shop.live.port()));
    environment.put("PGDATABASE", shop.live.database());
    environment.put("PGUSER", shop.live.user());
    shop.live.password().ifPresent(secret -> environment.put("PGPASSWORD", secret.reveal()));
    return environment;
  }
}
