package dev.belay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Programs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FailPointTest {
  @Test
  void endsTheProgramAsKillDoesAndOnlyAtTheArmedPoint() {
    assertThat(run("second").status()).isEqualTo(137);
    assertThat(run("second").out()).isEqualTo("first\n");
    assertThat(run("unknown").out()).isEqualTo("first\nsecond\ncleaned\n");
  }

  private static Programs.Result run(String armed) {
    List<String> command = Programs.java(Steps.class.getName());
    command.add(command.indexOf("-cp"), "-Dbelay.failpoint=" + armed);
    return Programs.run(Map.of(), Set.of(), command.toArray(new String[0]));
  }

  /** A program with two fail points. */
  static final class Steps {
    private Steps() {}

    public static void main(String[] arguments) {
      Cleanup.register(() -> System.out.println("cleaned"));
      FailPoint.reached("first");
      System.out.println("first");
      FailPoint.reached("second");
      System.out.println("second");
    }
  }
}
