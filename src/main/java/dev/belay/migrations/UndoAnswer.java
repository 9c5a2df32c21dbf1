package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.report.ToPaste;
import dev.belay.scratch.RecordedMigration;
import java.util.List;
import java.util.Optional;

/**
 * The way back from one migration.
 *
 * @param file of the undo script, seen from the working directory; empty where there is none
 * @param differences what is not as it was before the migration, after the undo
 * @param failure which statement of the undo script failed, and why
 * @param locks what the undo locks
 * @param notes what is as good as before, but not the same
 */
public record UndoAnswer(
    UndoVerdict verdict,
    Optional<String> file,
    List<String> differences,
    Optional<String> failure,
    List<String> locks,
    @ToPaste List<String> notes) {
  private static final int SHOWN = 3;

  public UndoAnswer {
    differences = List.copyOf(differences);
    locks = List.copyOf(locks);
    notes = List.copyOf(notes);
  }

  static UndoAnswer without(UndoVerdict verdict, Optional<String> file) {
    return new UndoAnswer(verdict, file, List.of(), Optional.empty(), List.of(), List.of());
  }

  /** In one sentence. */
  @JsonIgnore
  public String words() {
    String of = file.map(name -> " (" + name + ")").orElse("");
    return switch (verdict) {
      case proven -> "proven: after it the schema is as before" + of;
      case differs -> "after it the schema is not as before: " + shown() + of;
      case fails -> "fails: " + failure.orElse("") + of;
      case empty -> "has no statement" + of;
      case missing -> "there is no undo script";
      case untried -> "not tried" + of;
      case none -> "a repeatable migration has none: its earlier text is the way back";
    };
  }

  /** The risk that it is, after a migration that did that. */
  @JsonIgnore
  Optional<Risk> risk(RecordedMigration done) {
    return switch (verdict) {
      case fails -> Optional.of(Risk.of(RiskRule.UNDO_FAILS, "the undo script " + words()));
      case differs -> Optional.of(Risk.of(RiskRule.UNDO_DIFFERS, "undo: " + words()));
      case missing -> Optional.of(Risk.of(RiskRule.UNDO_MISSING, "there is no undo script for it"));
      case empty -> {
        boolean changes =
            !(done.created().isEmpty() && done.changed().isEmpty() && done.dropped().isEmpty());
        String what = "the undo script " + words();
        yield Optional.of(
            changes ? Risk.of(RiskRule.UNDO_EMPTY, what) : Risk.mild(RiskRule.UNDO_EMPTY, what));
      }
      case proven, untried, none -> Optional.empty();
    };
  }

  private String shown() {
    String some = String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size())));
    int more = differences.size() - SHOWN;
    return more > 0 ? some + "; and " + more + " more" : some;
  }
}
