package dev.belay.diff;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sessions on both sides of a comparison, and on their common ancestor if that is asked. */
final class DiffSides implements AutoCloseable {
  private final DiffSide source;
  private final DiffSide target;
  private final @Nullable DiffSide base;

  private DiffSides(DiffSide source, DiffSide target, @Nullable DiffSide base) {
    this.source = source;
    this.target = target;
    this.base = base;
  }

  /**
   * Opens them.
   *
   * @param jobs sessions on each of both sides
   * @throws dev.belay.core.Failure UNAVAILABLE when one cannot be had
   */
  static DiffSides open(Side source, Side target, Optional<Side> base, int jobs) {
    DiffSide first = new DiffSide("source", source, jobs);
    DiffSide second = null;
    try {
      second = new DiffSide("target", target, jobs);
      return new DiffSides(
          first, second, base.isPresent() ? new DiffSide("common ancestor", base.get(), 1) : null);
    } catch (Throwable broken) {
      first.close();
      if (second != null) {
        second.close();
      }
      throw broken;
    }
  }

  DiffSide source() {
    return source;
  }

  DiffSide target() {
    return target;
  }

  /** The common ancestor; null: it is not asked. */
  @Nullable DiffSide base() {
    return base;
  }

  /** Ends what they are reading; for another thread to call. */
  void cancel() {
    source.cancel();
    target.cancel();
    if (base != null) {
      base.cancel();
    }
  }

  /** Ends the sessions. */
  @Override
  public void close() {
    source.close();
    target.close();
    if (base != null) {
      base.close();
    }
  }
}
