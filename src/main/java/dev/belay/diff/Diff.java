package dev.belay.diff;

import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import java.util.Optional;

/**
 * Finds the rows that differ between the tables of two databases, each at one moment, in constant
 * memory. Reads only. Not for use by several threads at once.
 *
 * <p>One pass of fingerprints over ranges of the key, fine enough that only few rows have to be
 * looked at, beats the repeated halving of others where differences are scattered: 100 of them make
 * nearly every one of 32 segments differ, so that nearly everything is read again.
 */
public final class Diff implements AutoCloseable {
  private final DiffSides sides;
  private final DiffOptions options;
  private final Side sourceMoment;
  private final Side targetMoment;
  private final Cleanup.Pending stop;

  private Diff(Side source, Side target, Optional<Side> base, DiffOptions options) {
    this.options = options;
    this.sourceMoment = source;
    this.targetMoment = target;
    this.sides = DiffSides.open(source, target, base, options.jobs());
    this.stop = Cleanup.register(sides::cancel);
  }

  /**
   * Opens the sessions.
   *
   * @param base the common ancestor of both, if it is to be asked
   * @throws Failure UNAVAILABLE when a session cannot be had
   */
  public static Diff open(Side source, Side target, Optional<Side> base, DiffOptions options) {
    return new Diff(source, target, base, options);
  }

  /**
   * Compares two tables.
   *
   * @param ancestor the table in the common ancestor; empty: it had none, so every row is new
   * @param sink is given every difference
   * @param bytes is moved on by the sizes of both tables
   * @throws Failure REFUSED when they have no column in common; whatever reading fails with, never
   *     taken for equal
   */
  public TableDiff table(
      Pair pair, Optional<Relation> ancestor, DifferenceSink sink, Progress.Bar bytes) {
    if (pair.columns().isEmpty()
        && !pair.source().columns().isEmpty()
        && !pair.target().columns().isEmpty()) {
      throw Failure.refused(
          "table %s has no column in common on both sides".formatted(pair.name().plain()),
          "leave it out");
    }
    Ancestor asked = sides.base() == null ? Ancestor.unknown() : Ancestor.of(pair, ancestor);
    PairHashes hashes = PairHashes.of(pair, asked.shared(pair));
    Tally tally = new Tally(sink);
    try (Tolerating tolerating =
        Tolerating.of(options.tolerance(), pair, sourceMoment, targetMoment, tally)) {
      TableComparison.Rows rows =
          new TableComparison(sides, options, pair, asked, hashes, new Gathering(tolerating), bytes)
              .compare();
      return tally.result(pair, rows.source(), rows.target());
    }
  }

  /** Ends the sessions. */
  @Override
  public void close() {
    stop.cancel();
    sides.close();
  }
}
