package dev.belay.incident;

import java.util.List;

/**
 * Which measured values are drawn together.
 *
 * @param unit of the values after scaling: {@code %}, {@code s}, {@code B/s}, {@code B}, or empty
 *     for numbers
 */
record ChartKind(String title, String unit, List<Field> fields) {
  /**
   * One value of a sample.
   *
   * @param scale what it is multiplied with
   */
  record Field(String name, String label, double scale) {}

  /** In the order in which somebody looks for what went wrong. */
  static final List<ChartKind> ALL =
      List.of(
          new ChartKind(
              "Sessions of the database",
              "",
              List.of(
                  new Field("connections", "connected", 1),
                  new Field("active", "active", 1),
                  new Field("waiting", "waiting for a lock", 1))),
          new ChartKind(
              "Longest transaction",
              "s",
              List.of(new Field("longestTransactionMillis", "longest transaction", 0.001))),
          new ChartKind(
              "Processor, memory and disk",
              "%",
              List.of(
                  new Field("cpu", "processor", 1),
                  new Field("memory", "memory", 1),
                  new Field("disk", "fullest disk", 1))),
          new ChartKind(
              "Transactions per second",
              "",
              List.of(
                  new Field("commitsPerSecond", "committed", 1),
                  new Field("rollbacksPerSecond", "rolled back", 1))),
          new ChartKind(
              "Bytes per second",
              "B/s",
              List.of(
                  new Field("walBytesPerSecond", "write-ahead log", 1),
                  new Field("diskReadBytesPerSecond", "read from disk", 1),
                  new Field("diskWriteBytesPerSecond", "written to disk", 1),
                  new Field("tempBytesPerSecond", "temporary files", 1))),
          new ChartKind(
              "Replicas behind, in bytes",
              "B",
              List.of(new Field("replicationLagBytes", "furthest behind", 1))),
          new ChartKind(
              "Replicas behind, in time",
              "s",
              List.of(new Field("replicationLagMillis", "furthest behind", 0.001))),
          new ChartKind(
              "Errors, warnings and deadlocks so far",
              "",
              List.of(
                  new Field("errors", "errors", 1),
                  new Field("warnings", "warnings", 1),
                  new Field("deadlocks", "deadlocks", 1))));
}
