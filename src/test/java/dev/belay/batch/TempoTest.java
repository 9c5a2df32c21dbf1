package dev.belay.batch;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TempoTest {
  private static final BatchPace AUTO = BatchPace.of("auto", Duration.ofSeconds(5));

  /** Batches whose time grows with their rows. */
  private static void batches(Tempo tempo, int number, double nanosOfRow) {
    for (int batch = 0; batch < number; batch++) {
      tempo.done((long) (tempo.rows() * nanosOfRow), true);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {2_000, 5_000, 20_000})
  void aBatchComesToTakeTwoToThreeMilliseconds(double nanosOfRow) {
    Tempo tempo = new Tempo(AUTO);

    batches(tempo, 30, nanosOfRow);

    assertThat(tempo.rows() * nanosOfRow / 1e6).isBetween(2.0, 3.0);
  }

  @Test
  void thePauseComesDownToHalfOfTheBatchWhereClientsDoNotNotice() {
    Tempo tempo = new Tempo(AUTO);
    assertThat(tempo.done(2_000_000, true)).isEqualTo(Duration.ofMillis(8));

    for (int look = 0; look < 20; look++) {
      tempo.clients(1.1);
    }

    assertThat(tempo.done(2_000_000, true).toMillis()).isEqualTo(1);
  }

  @Test
  void thePauseGrowsToHundredsOfMillisecondsWhereClientsAreSlow() {
    Tempo tempo = new Tempo(AUTO);

    for (int look = 0; look < 8; look++) {
      tempo.clients(3);
    }
    batches(tempo, 30, 5_000);

    assertThat(tempo.done(1_000_000, true)).isBetween(ofMillis(150), ofMillis(250));
    assertThat(tempo.rows() * 5_000 / 1e6).isBetween(0.8, 1.5);
    assertThat(tempo.isLeast()).isTrue();
  }

  /**
   * Clients that take so much of the machine, with what batches take on top: what is more than
   * there is waits, and everybody behind it.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.6, 0.85})
  void noBacklogIsLeftToGrow(double load) {
    Tempo tempo = new Tempo(AUTO);
    double backlog = 0;
    double slow = 0;
    double taken = 0;
    for (int look = 0; look < 400; look++) {
      double pause = tempo.done(2_000_000, true).toNanos() / 2e6;
      double share = 1 / (1 + pause);
      backlog = Math.max(0, backlog + (load + share * 0.9 - 1) * 10);
      double slowdown = 1 + backlog;
      tempo.clients(slowdown);
      slow += slowdown > 2.5 ? 1 : 0;
      taken += share;
    }

    assertThat(slow / 400).isLessThan(0.2);
    assertThat(taken / 400).isGreaterThan(Math.min(0.6, (1 - load) / 0.9) * 0.5);
  }

  @Test
  void oneSlowBatchDoesNotStopEverythingAndTheLastSmallOneSaysNothing() {
    Tempo tempo = new Tempo(AUTO);
    batches(tempo, 30, 5_000);
    int rows = tempo.rows();

    assertThat(tempo.done(60_000_000_000L, true)).isLessThan(Duration.ofMillis(150));
    assertThat(tempo.rows()).isEqualTo(rows / 2);
    tempo.done(10, false);
    assertThat(tempo.rows()).isEqualTo(rows / 2);
  }

  @Test
  void aGivenSizeStaysButForABatchThatCannotBeDoneInTime() {
    Tempo tempo = new Tempo(BatchPace.of("100", Duration.ofSeconds(5)));

    assertThat(tempo.done(9_000_000_000L, true)).isEqualTo(Duration.ofSeconds(5));
    assertThat(tempo.rows()).isEqualTo(100);
    tempo.tooLong();
    assertThat(tempo.rows()).isEqualTo(50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "1000001", "many", "", "1e3"})
  void aSizeThatIsNoneIsRefused(String size) {
    assertThatThrownBy(() -> BatchPace.of(size, Duration.ZERO))
        .hasMessageContaining("--batch-size");
  }

  @Test
  void whatClientsGetIsHeldAgainstWhatTheyGotBefore() {
    ClientProbe probe = new ClientProbe();
    probe.begin(new long[] {100, 110, 90, 100, 5_000});
    assertThat(probe.slowdown()).isEqualTo(1);
    for (int look = 0; look < 24; look++) {
      probe.add(330);
    }
    assertThat(probe.slowdown()).isEqualTo(3);
  }

  @Test
  void clientsThatAreSlowWithoutBatchesAreTheNewMeasureUntilTheyAreFastAgain() {
    ClientProbe probe = new ClientProbe();
    probe.begin(new long[] {100, 100, 100, 100});
    for (int look = 0; look < 12; look++) {
      probe.add(400);
    }
    probe.beginAgain();
    for (int look = 0; look < 6; look++) {
      probe.add(400);
    }
    assertThat(probe.slowdown()).isEqualTo(1);

    probe.forget();
    assertThat(probe.knows()).isFalse();
    for (int look = 0; look < 6; look++) {
      probe.add(200);
    }
    probe.forget();
    for (int look = 0; look < 6; look++) {
      probe.add(400);
    }
    assertThat(probe.slowdown()).isEqualTo(2);
  }

  @Test
  void theWordsOfThePlanSayWhatWillBe() {
    assertThat(new BatchPace(Optional.of(100), Duration.ofSeconds(5)).words())
        .isEqualTo("100 rows each, with a pause of 5.0 s");
    assertThat(AUTO.words()).contains("2 to 3 ms");
  }
}
