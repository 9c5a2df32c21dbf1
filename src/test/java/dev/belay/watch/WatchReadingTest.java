package dev.belay.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings of watch that make sense, and those that do not; no server is there. */
class WatchReadingTest {
  @TempDir Path here = Path.of("");

  private Cli.Result watch(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "watch";
    all[1] = "--url";
    all[2] = "postgresql://nobody@127.0.0.1:1/none";
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return new Cli(here).run(all);
  }

  @Test
  void allThatMakesNoSenseIsSaidAtOnce() {
    Cli.Result result =
        watch(
            "--max-response",
            "0ms",
            "--max-memory",
            "150%",
            "--max-disk",
            "much",
            "--max-errors",
            "-1",
            "--breaches",
            "6",
            "--of",
            "5",
            "--interval",
            "10m",
            "--max-lock-waits",
            "few",
            "--for",
            "1s",
            "--probe-sql",
            " ",
            "--heartbeat-url",
            "ftp://secret-place/x",
            "--metrics-file",
            "/no/such/folder/x.prom");

    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err())
        .contains(
            "--max-response is '0ms', not from 1 ms to 1 h",
            "--max-memory is '150%', not a share from 1% to 99.9%",
            "--max-disk is 'much', not a share",
            "--max-errors is '-1', not a share from 0%",
            "--max-lock-waits is 'few', not a number",
            "6 of the last 5 values cannot be beyond a limit",
            "the interval of 10 min 0 s is longer than the cool-down of 5 min 0 s",
            "in 1.0 s there are not 6 values",
            "the statement of the probe is empty",
            "--heartbeat-url is no http or https URL with a host",
            "there is no folder /no/such/folder",
            "state: the database was not changed")
        .doesNotContain("secret-place");
  }

  @Test
  void theFileIsSaidWithItsLineAndAFlagWins() throws IOException {
    Files.writeString(
        here.resolve("belay.yaml"), "watch:\n  maxDisk: 200%\n  of: none\n  maxMemory: 80%\n");

    assertThat(watch().err())
        .contains("belay.yaml:2: watch.maxDisk is '200%'", "belay.yaml:3: watch.of is 'none'");
    // Then nothing is wrong with it, and the server is not there.
    assertThat(watch("--max-disk", "90%", "--of", "5").status()).isEqualTo(12);
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearest() throws IOException {
    Files.writeString(here.resolve("belay.yaml"), "watch:\n  maxDisc: 90%\n");

    Cli.Result result = watch();
    assertThat(result.status()).isEqualTo(2);
    assertThat(result.err()).contains("'maxDisc'", "maxDisk");
  }

  @Test
  void nothingToWatchIsRefused() {
    assertThat(
            watch(
                    "--max-response",
                    "off",
                    "--max-errors",
                    "off",
                    "--max-connections",
                    "OFF",
                    "--max-lock-waits",
                    "off",
                    "--max-memory",
                    "off",
                    "--max-disk",
                    "off")
                .err())
        .contains("every limit is off");
  }

  @Test
  void aCommandNeedsToBeAskedFor() {
    assertThat(watch("orders").err())
        .contains("'orders' is nothing that watch knows", "--run -- orders");
    assertThat(watch("--run").err()).contains("--run has no command");
    assertThat(watch("--hold").err()).contains("belong to --rollback");
    assertThat(watch("--on-breach", "shout").err()).contains("there is no 'shout'");
  }

  @Test
  void aProgramThatIsNotThereIsSaidBeforeTheWatchBegins() throws IOException {
    Path plain = Files.writeString(here.resolve("plain file"), "no program");

    Cli.Result result = watch("--run", "--", "no-such-program", "--for", "x");
    assertThat(result.status()).isEqualTo(12);
    assertThat(result.err()).contains("the command 'no-such-program' cannot be run");
    assertThat(watch("--run", "--", plain.toString()).err()).contains("cannot be run", "ls -l '");
  }

  @Test
  void aServerThatIsNotThereIsUnavailable() {
    Cli.Result result = watch();

    assertThat(result.status()).isEqualTo(12);
    assertThat(result.err()).contains("cannot connect to none@127.0.0.1:1");
  }

  @Test
  void theAddressOfTheHeartbeatIsShownNowhere() throws IOException {
    watch("--heartbeat-url", "https://hc-ping.com/4711-0815");
    watch("--heartbeat-url=https://hc-ping.com/4711-0815");
    Files.writeString(
        here.resolve("belay.yaml"), "watch:\n  heartbeatUrl: https://hc-ping.com/4711-0815\n");
    Files.setPosixFilePermissions(
        here.resolve("belay.yaml"), PosixFilePermissions.fromString("rw-------"));
    Cli.Result shown = new Cli(here).run("config");

    assertThat(Files.readString(here.resolve("belay.log"))).doesNotContain("4711");
    assertThat(shown.out() + shown.err()).contains("heartbeatUrl").doesNotContain("4711");
  }
}
