package dev.belay.emergency;

import dev.belay.core.Units;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.UndoPlan;
import dev.belay.undo.UndoProof;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What speaks for an undo and what against it: the proof in a scratch database, and the rehearsal
 * with data.
 *
 * @param rehearsal of just this script
 * @param checksum of the migration as it was applied; null: not known
 */
record UndoEvidence(UndoPlan plan, LastRehearsal rehearsal, @Nullable Integer checksum) {
  /**
   * What forbids it.
   *
   * @param failed migrations that are recorded as failed now, in words
   * @param half those that may be half done now, of which an undo of others takes nothing back
   */
  Optional<String> against(List<String> failed, List<String> half) {
    if (!failed.isEmpty()) {
      return Optional.of(
          "first the failed migrations have to go from Flyway's table: "
              + String.join(", ", failed));
    }
    if (!half.isEmpty()) {
      return Optional.of(
          "first find out how far %s came: it may be half done, and this does not take it back"
              .formatted(String.join(", ", half)));
    }
    if (!plan.isComplete()) {
      return Optional.of("there is no undo script; --generated makes one where that is possible");
    }
    return switch (plan.proof().verdict()) {
      case PROVEN, NOT_TRIED -> Optional.empty();
      case DIFFERS ->
          Optional.of(
              "in a scratch database it gives another schema: "
                  + String.join("; ", plan.proof().differences()));
      case FAILS ->
          Optional.of("in a scratch database it fails: " + plan.proof().reason().orElse(""));
    };
  }

  /** Why it is not to be trusted, though nothing forbids it. */
  Optional<String> doubt() {
    return isUnproven() ? Optional.of("it is not proven") : failedRehearsal();
  }

  boolean isUnproven() {
    return plan.proof().verdict() == UndoProof.Verdict.NOT_TRIED;
  }

  /**
   * A rehearsal fails by the migration, by its undo, or by what came after: which of them it was is
   * not written down, so it forbids nothing.
   */
  private Optional<String> failedRehearsal() {
    return Optional.ofNullable(rehearsal.undo())
        .filter(RehearsedUndo::cameToTheUndo)
        .filter(last -> !last.isProven() && !last.isOnlyLossy())
        .map(
            last ->
                "the rehearsal of %s%s, on a copy with data, ended with: %s"
                    .formatted(Units.moment(last.at()), rehearsal.aged(), last.verdict()));
  }

  /** What is proven, and when, in words. */
  String proven() {
    UndoProof proof = plan.proof();
    return switch (proof.verdict()) {
      case PROVEN -> "just now, in a scratch database: the schema is as before" + withData();
      case DIFFERS -> "disproven just now, in a scratch database";
      case FAILS -> "disproven just now, in a scratch database";
      case NOT_TRIED ->
          "not proven now: " + proof.reason().orElse("it could not be tried") + withData();
    };
  }

  private String withData() {
    RehearsedUndo last = rehearsal.undo();
    if (last == null) {
      return "; never rehearsed with data";
    }
    if (!last.cameToTheUndo()) {
      return "; never rehearsed with data: the rehearsal of %s ended before it"
          .formatted(Units.moment(last.at()));
    }
    boolean other = last.checksum() != null && !last.isOf(checksum);
    return "; rehearsed with data %s%s%s: %s"
        .formatted(
            Units.moment(last.at()),
            rehearsal.aged(),
            other ? ", when the migration had another text" : "",
            last.isProven()
                ? "every row was as before"
                : "%s, %s"
                    .formatted(
                        last.verdict(),
                        Units.count(last.rowsLost(), "row or value", "rows or values")));
  }
}
