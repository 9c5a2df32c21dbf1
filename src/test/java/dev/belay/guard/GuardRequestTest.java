package dev.belay.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.readiness.Topic;
import dev.belay.recovery.RecoveryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GuardRequestTest {
  private static GuardRequest request(Duration limit, Set<Topic> accepted) {
    return new GuardRequest(
        "",
        List.of("deploy"),
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
        1);
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
