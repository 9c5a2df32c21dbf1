package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Failure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What breaks in one part of an emergency leaves the others as they are. */
class DefectTest {
  private final List<String> unknown = new ArrayList<>();

  @Test
  void whatIsGivenIsPassedOn() {
    assertThat(Defect.caught("the way back", "none", unknown, () -> "by undo"))
        .isEqualTo("by undo");
    assertThat(unknown).isEmpty();
  }

  @Test
  void whatBreaksIsSaidAndReplaced() {
    String way =
        Defect.caught(
            "the way back",
            "none",
            unknown,
            () -> {
              throw new NoClassDefFoundError("no such thing");
            });

    assertThat(way).isEqualTo("none");
    assertThat(unknown)
        .containsExactly(
            "the way back could not be worked out: a defect of belay:"
                + " java.lang.NoClassDefFoundError: no such thing;"
                + " report it with the end of belay.log");
  }

  @Test
  void whatFailsIsSaidInItsOwnWords() {
    String way =
        Defect.caught(
            "the way back",
            "none",
            unknown,
            () -> {
              throw Failure.unavailable("the server does not answer", "start it");
            });

    assertThat(way).isEqualTo("none");
    assertThat(unknown)
        .containsExactly("the way back could not be worked out: the server does not answer");
  }
}
