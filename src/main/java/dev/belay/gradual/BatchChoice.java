package dev.belay.gradual;

import dev.belay.batch.BatchRun;
import dev.belay.batch.BatchRuns;
import dev.belay.core.Failure;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which run of batches is meant. */
final class BatchChoice {
  private BatchChoice() {}

  /**
   * The one of that number; without a number, the only one that is not over.
   *
   * @throws Failure USAGE when there is none, or there are several
   */
  static BatchRun of(Database session, Optional<Long> number) {
    if (!Ledger.present(session)) {
      throw none(session);
    }
    if (number.isPresent()) {
      return BatchRuns.one(session, number.get());
    }
    List<BatchRun> open =
        BatchRuns.all(session).stream().filter(run -> !run.state().isOver()).toList();
    if (open.isEmpty()) {
      throw none(session);
    }
    if (open.size() > 1) {
      throw Failure.usage(
          "several runs are not over: "
              + open.stream()
                  .map(run -> String.valueOf(run.id()))
                  .collect(Collectors.joining(", ")),
          "name one, as belay batch status lists them");
    }
    return open.get(0);
  }

  private static Failure none(Database session) {
    return Failure.usage(
        "no gradual-rollback of %s is not over".formatted(session.target()),
        "see those that were: belay batch status");
  }
}
