package dev.belay.migrations;

import dev.belay.undo.DataLoss;
import dev.belay.undo.DataLosses;
import java.util.List;
import java.util.Optional;

/** What of the live data is gone after a migration. */
final class LossRisks {
  private LossRisks() {}

  /** What is lost, in the order of its names. */
  static List<Loss> of(StepFacts facts) {
    return DataLosses.of(facts.done(), facts.before(), facts.live()).stream()
        .map(loss -> new Loss(kind(loss), loss.plain(), loss.amount(), Optional.of(loss)))
        .toList();
  }

  private static Loss.Kind kind(DataLoss loss) {
    return switch (loss.kind()) {
      case TABLE -> Loss.Kind.table;
      case COLUMN -> Loss.Kind.column;
      case EMPTIED, REMOVED -> Loss.Kind.rows;
    };
  }

  /** The risk that a loss is. */
  static Risk risk(Loss loss) {
    String what =
        switch (loss.kind()) {
          case table -> "drops table %s with %s".formatted(loss.of(), loss.words());
          case column -> "drops column %s with %s".formatted(loss.of(), loss.words());
          case rows -> "truncates %s with %s".formatted(loss.of(), loss.words());
        };
    RiskRule rule =
        loss.kind() == Loss.Kind.rows ? RiskRule.TABLE_EMPTIED : RiskRule.DATA_DESTROYED;
    return loss.amount().isNone() ? Risk.mild(rule, what) : Risk.of(rule, what);
  }
}
