package dev.belay.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RestoreRequestTest {
  @ParameterizedTest
  @CsvSource({
    "NEW_DATABASE, , false, true, needs a name",
    "SWAP, other, false, true, --new-name is for",
    "IN_PLACE, other, false, true, --new-name is for",
    "IN_PLACE, , true, true, --discard-replaced is for",
    "NEW_DATABASE, other, true, true, --discard-replaced is for",
    "SWAP, , true, false, leaves unproven",
  })
  void whatCannotBeMeantIsAWrongCommandLine(
      Strategy strategy, String name, boolean discard, boolean verify, String says) {
    Failure failure =
        catchThrowableOfType(Failure.class, () -> request(strategy, name, discard, verify));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.message()).contains(says);
  }

  private static RestoreRequest request(
      Strategy strategy, String name, boolean discard, boolean verify) {
    return new RestoreRequest(
        "latest",
        strategy,
        Optional.ofNullable(name),
        1,
        Duration.ofMinutes(1),
        discard,
        false,
        verify,
        Writes.UNSEEN);
  }

  @ParameterizedTest
  @EnumSource(
      value = Strategy.class,
      names = {"IN_PLACE", "NEW_DATABASE"})
  void onlyASwapLooksForWrites(Strategy strategy) {
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                new RestoreRequest(
                    "latest",
                    strategy,
                    name(strategy),
                    1,
                    Duration.ofMinutes(1),
                    false,
                    false,
                    true,
                    new Writes(true, false, false, true)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.message()).contains("for the strategy swap only");
  }

  @Test
  void whatIsLookedForIsNotDroppedBeforeAnybodyHasSeenWhatWasLeft() {
    Failure failure =
        catchThrowableOfType(
            Failure.class,
            () ->
                new RestoreRequest(
                    "latest",
                    Strategy.SWAP,
                    Optional.empty(),
                    1,
                    Duration.ofMinutes(1),
                    true,
                    false,
                    true,
                    new Writes(true, true, false, true)));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.message()).contains("--discard-replaced would drop");
  }

  @Test
  void nobodyLeavesWhatNobodyLooksFor() {
    Failure failure =
        catchThrowableOfType(Failure.class, () -> new Writes(false, false, true, true));
    assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(failure.hint()).isEqualTo("add --expect-writes or --carry-new-rows");
  }

  private static Optional<String> name(Strategy strategy) {
    return strategy == Strategy.NEW_DATABASE ? Optional.of("other") : Optional.empty();
  }
}
