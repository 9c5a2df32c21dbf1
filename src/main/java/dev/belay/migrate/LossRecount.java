package dev.belay.migrate;

import dev.belay.core.Failure;
import dev.belay.flyway.Migration;
import dev.belay.postgres.Database;
import dev.belay.rollback.LossAccount;
import dev.belay.undo.UndoLoss;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Counts what a migration loses again where nobody can write any more, refuses more than was
 * accepted, and keeps what came since. Outside a transaction no lock would last, so that it is
 * counted only.
 */
final class LossRecount {
  private final Forecast forecast;
  private final OptionalLong accepted;
  private final Map<String, LossAccount> losses;

  /** How much more each migration loses than was planned. */
  private final Map<String, Long> grown = new HashMap<>();

  /**
   * @param accepted how many rows and values may be lost in all; empty: none
   * @param losses what migrations lose, by their scripts
   */
  LossRecount(Forecast forecast, OptionalLong accepted, Map<String, LossAccount> losses) {
    this.forecast = forecast;
    this.accepted = accepted;
    this.losses = Map.copyOf(losses);
  }

  /**
   * Counts, and refuses.
   *
   * @throws Failure REFUSED when more would be lost by now than was accepted
   */
  void refuse(String script, Database session, boolean inTransaction) {
    LossAccount account = losses.get(script);
    Migration migration = forecast.pending(script).orElse(null);
    if (account == null || migration == null) {
      return;
    }
    account.begin();
    if (inTransaction) {
      account.lock(session);
    }
    List<UndoLoss> counted = account.counted(session);
    long more = sum(counted) - sum(forecast.losses(migration));
    grown.remove(script);
    long all = forecast.rowsLost() + grown() + more;
    if (more > 0 && all > accepted.orElse(0)) {
      throw Failure.refused(
          "more would be lost by now than was accepted: " + LossAccount.words(counted),
          "when they may go, run the same command again with --accept-loss " + all);
    }
    grown.put(script, Math.max(0, more));
    if (counted.stream().anyMatch(loss -> isFilled(loss, forecast.emptyLosses(migration)))) {
      account.export(session);
    }
    account.exportLatecomers(session);
  }

  /** What was empty when the plan was made, and so exported by nobody, and is not any more. */
  private static boolean isFilled(UndoLoss loss, List<UndoLoss> empty) {
    return loss.rows() > 0
        && empty.stream()
            .anyMatch(
                each ->
                    each.table().equals(loss.table())
                        && each.kind() == loss.kind()
                        && each.column().equals(loss.column()));
  }

  private static long sum(List<UndoLoss> losses) {
    return losses.stream().mapToLong(UndoLoss::rows).sum();
  }

  private long grown() {
    return grown.values().stream().mapToLong(Long::longValue).sum();
  }
}
