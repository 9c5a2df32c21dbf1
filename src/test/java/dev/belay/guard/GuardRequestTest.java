package dev.belay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.process.ShellWords;
import dev.belay.readiness.Topic;
import dev.belay.recovery.RecoveryPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
