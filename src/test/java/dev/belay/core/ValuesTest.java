package dev.belay.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValuesTest {
  private final Target target =
      new Target("db1", 5432, "orders", "app", Optional.of(new Secret("canary")), Tls.PREFER, 10);

  @Test
  void aTargetNeverShowsItsSecret() {
    assertThat(target).hasToString("orders@db1:5432");
    assertThat(String.valueOf(target.password())).doesNotContain("canary");
    assertThat(String.valueOf(target.withDatabase("x").password())).doesNotContain("canary");
  }

  @Test
  void aFailureKeepsItsFirstCause() {
    Throwable first = new IllegalStateException("first");
    Failure failure =
        Failure.failed("broken", "mend").causedBy(first).causedBy(new Error("second"));
    assertThat(failure).hasCause(first);
  }

  @Test
  void aFailureCanSayMoreExactlyWhatStateTheTargetIsIn() {
    Failure failure = Failure.refused("no", "do").withState("the copy was dropped");
    assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED);
    assertThat(failure.state()).isEqualTo("the copy was dropped");
    assertThat(failure.hint()).isEqualTo("do");
  }

  @Test
  void whateverBreaksInAChangeComesOutAsIncomplete() {
    assertThatThrownBy(
            () ->
                Changing.step(
                    "the swap",
                    "the old name is free",
                    "belay undo-restore",
                    () -> {
                      throw new StackOverflowError();
                    }))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
              assertThat(failure.message()).isEqualTo("the swap: java.lang.StackOverflowError");
              assertThat(failure.state()).isEqualTo("the old name is free");
            });
  }

  @Test
  void fromTwoToNineteenTheTargetIsAsItWas() {
    assertThat(ExitCode.values())
        .extracting(ExitCode::status)
        .containsExactly(0, 1, 2, 10, 11, 12, 13, 20);
  }

  @Test
  void runsAreToldApart() {
    Set<String> seen = new HashSet<>();
    for (int run = 0; run < 1000; run++) {
      assertThat(RunId.fresh().text()).matches("[0-9a-f]{12}").satisfies(seen::add);
    }
    assertThat(seen).hasSize(1000);
  }

  @Test
  void aNameMayNotBeEmptyOrHoldANull() {
    assertThatThrownBy(() -> new Identifier("")).isInstanceOf(Failure.class);
    assertThatThrownBy(() -> new Identifier("a\0b")).isInstanceOf(Failure.class);
  }
}
