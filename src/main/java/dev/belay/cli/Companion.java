package dev.belay.cli;

import dev.belay.report.Remark;
import java.util.List;

/**
 * What goes along with an operation that changes something, without being part of it: hooks, and
 * looking whether the application is healthy.
 */
public interface Companion {
  /**
   * The plan was agreed to and is on record, and nothing was changed so far.
   *
   * @throws dev.belay.core.Failure REFUSED when the operation may not begin, USAGE when its
   *     configuration is wrong
   */
  void before(Facts facts);

  /**
   * An operation ended for which {@link #before} was called, however either of them went. Never
   * throws.
   *
   * @param outcome so far; its exit code is null when a signal ends the program
   * @return what is to be added to the answer
   */
  List<Remark> after(Facts facts, Outcome outcome);
}
