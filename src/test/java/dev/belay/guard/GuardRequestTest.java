package dev.belay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.PsqlAddress;
import dev.belay.cli.SameDatabase;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.process.ShellWords;
import dev.belay.readiness.Topic;
import dev.belay.recovery.RecoveryPolicy;
import dev.belay.report.TextTable;
import dev.belay.support.Programs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardRequestTest {
  private static GuardRequest request(Duration limit, Set<Topic> accepted) {
    return request(limit, accepted, List.of("deploy"), List.of());
  }

  private static GuardRequest request(
      Duration limit, Set<Topic> accepted, List<String> command, List<String> further) {
    return new GuardRequest(
        "",
        command,
        Path.of("/usr/bin/deploy"),
        Path.of("/"),
        true,
        accepted,
        Optional.empty(),
        RecoveryPolicy.UNDO,
        OptionalLong.empty(),
        limit,
        false,
        false,
        Optional.empty(),
        1,
        further);
  }

  @Test
  void aLongCommandIsWholeAndItsOptionsAreThere() {
    String script = "select '" + "x".repeat(400) + "';";
    List<String> command = List.of("psql", "postgresql://app:hunter22@db/shop", "-c", script);
    List<String> further =
        List.of("--jobs", "3", "--no-monitor", "--report-file", "a b.json", "--status-file", "s");

    String again = request(Duration.ZERO, Set.of(), command, further).again();

    assertThat(again).doesNotContain("hunter22");
    assertThat(ShellWords.split(again))
        .containsSubsequence(further)
        .containsSubsequence("--", "psql", "-c", script)
        .endsWith(script);
  }

  @Test
  void aCommandOfSeveralLinesIsPastedAsOneAndRunsTheSame() throws Exception {
    String script = "printf '%s|' \"$@\" 'it\\'\n\techo \\\\n%d\u0001ü";
    List<String> command = List.of("printf", "%s|", script, "\n", "a\tb");

    String again = request(Duration.ZERO, Set.of(), command, List.of()).again();

    assertThat(again).doesNotContain("\n", "\t");
    Process pasted =
        new ProcessBuilder("sh", "-c", again.substring(again.indexOf(" -- ") + 4))
            .redirectErrorStream(true)
            .start();
    assertThat(new String(pasted.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo(script + "||a\tb|");
    assertThat(pasted.waitFor()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if [ \"$x\" = 1 ]; then psql -c \"update t set a=1\"; fi\nprintf 3",
        "printf '%s' \"a\"; psql -c \"x\" 2>&1\nbelay migrate --config x; belay migrate",
        "printf '!ls\t\u202e\ufeff\u200d\u0085\ud83d\ude00|\udb40\udc41'",
      })
  void whatAUserQuotedStaysInItsWord(String script) {
    PsqlAddress address =
        PsqlAddress.of(
            new Target("db 1", 5432, "x", "app", Optional.empty(), Tls.PREFER, 5),
            Optional.empty());
    SameDatabase database =
        SameDatabase.of(List.of("guard", "migrate"), List.of("--config", "c"), address);

    String again =
        request(Duration.ZERO, Set.of(), List.of("printf", "%s", script), List.of()).again();
    String typed = again.substring(again.indexOf(" -- ") + 4);

    assertThat(TextTable.visible(again)).isEqualTo(again);
    assertThat(database.text(again + "; then: psql -c x"))
        .isEqualTo(
            again.replace("belay guard", "belay guard --config c")
                + "; then: psql -d %s -c x".formatted(ShellWords.quote(address.own())));
    assertThat(Programs.run("sh", "-c", typed).out()).isEqualTo(script);
  }

  @Test
  void theSameAgainHasTheSameLimitToTheMillisecond() {
    assertThat(request(Duration.ofMillis(1_500), Set.of()).again())
        .contains("--time-limit 1500ms ");
  }

  @Test
  void theSameAgainNamesWhatIsAcceptedInOneOrder() {
    assertThat(request(Duration.ZERO, Set.of(Topic.values())).again())
        .contains(
            "--accept "
                + String.join(",", List.of(Topic.values()).stream().map(Topic::word).toList())
                + " ");
  }
}
