package dev.belay.monitor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One line of a file of samples. Which kind it is, its first field {@code type} says. */
public sealed interface MonitorLine {
  /** When, by the clock of this machine; {@link #elapsedMillis()} does not follow its changes. */
  Instant at();

  /** Since the beginning. */
  long elapsedMillis();

  /**
   * The first line.
   *
   * @param schema of this form
   * @param machine of which machine the figures of the machine are
   */
  @JsonPropertyOrder({"type", "schema"})
  record Begin(
      int schema,
      Instant at,
      long elapsedMillis,
      String run,
      String command,
      String database,
      String machine,
      long intervalMillis)
      implements MonitorLine {}

  /**
   * What was seen at one moment; what is missing is not known. Shares are in percent.
   *
   * @param deadlocks in the database since the beginning
   * @param errors that were seen since the beginning
   * @param warnings that were seen since the beginning
   * @param gap why nothing is known of the database
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonPropertyOrder({"type", "at", "elapsedMillis"})
  record Sample(
      Instant at,
      long elapsedMillis,
      @Nullable Double cpu,
      @Nullable Double memory,
      @Nullable Double disk,
      @Nullable Long diskReadBytesPerSecond,
      @Nullable Long diskWriteBytesPerSecond,
      @Nullable Double load,
      @Nullable Integer connections,
      @Nullable Integer active,
      @Nullable Integer waiting,
      @Nullable Long longestTransactionMillis,
      @Nullable Long replicationLagBytes,
      @Nullable Long replicationLagMillis,
      @Nullable Long walBytesPerSecond,
      @Nullable Double commitsPerSecond,
      @Nullable Double rollbacksPerSecond,
      @Nullable Long tempBytesPerSecond,
      @Nullable Long deadlocks,
      long errors,
      long warnings,
      @Nullable String gap)
      implements MonitorLine {}

  /** A step began. */
  @JsonPropertyOrder({"type", "at", "elapsedMillis"})
  record Mark(Instant at, long elapsedMillis, String step) implements MonitorLine {}

  /** The last line; without it, the program was killed. */
  @JsonPropertyOrder({"type", "at", "elapsedMillis"})
  record End(Instant at, long elapsedMillis, MonitorSummary summary) implements MonitorLine {}
}
