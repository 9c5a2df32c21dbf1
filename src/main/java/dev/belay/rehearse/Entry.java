package dev.belay.rehearse;

import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.undo.UndoScript;
import dev.belay.undo.UndoStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One migration while it is rehearsed. */
final class Entry {
  private final Migration migration;
  private final @Nullable MigrationScript script;
  private final Optional<UndoStep> undoStep;
  private final List<String> reasons = new ArrayList<>();
  private final List<Lost> losses = new ArrayList<>();
  private final List<String> differences = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private @Nullable Verdict verdict;
  private @Nullable Passage up;
  private @Nullable Passage undo;
  private boolean thereAndBack;

  /**
   * @param script null where there is none on disk
   * @param undoStep empty where there is no undo script, or none that may be run
   */
  Entry(Migration migration, @Nullable MigrationScript script, Optional<UndoStep> undoStep) {
    this.migration = migration;
    this.script = script;
    this.undoStep = undoStep;
    undoStep.ifPresent(step -> notes.addAll(step.notes()));
  }

  Migration migration() {
    return migration;
  }

  Optional<MigrationScript> script() {
    return Optional.ofNullable(script);
  }

  /** How it is taken back, where it can be. */
  Optional<UndoStep> undoStep() {
    return undoStep.filter(step -> step.script().isPresent());
  }

  Optional<String> undoSha256() {
    return undoStep().flatMap(UndoStep::script).map(UndoScript::sha256);
  }

  boolean isRepeatable() {
    return migration.version() == null;
  }

  void up(Passage passage) {
    up = passage;
  }

  void undo(Passage passage) {
    undo = passage;
    thereAndBack = up != null;
  }

  /**
   * Whether it was applied before it was taken back: only that shows whether the undo gives back
   * what the migration took.
   */
  boolean wentThereAndBack() {
    return thereAndBack;
  }

  Optional<Passage> undo() {
    return Optional.ofNullable(undo);
  }

  /** Whether something was found already. */
  boolean isFound() {
    return verdict != null;
  }

  /** The worst that was found counts. */
  void found(Verdict worse, String reason) {
    if (verdict == null || worse.compareTo(verdict) < 0) {
      verdict = worse;
    }
    if (!reasons.contains(reason)) {
      reasons.add(reason);
    }
  }

  void loses(List<Lost> some) {
    for (Lost lost : some) {
      if (losses.stream().anyMatch(each -> each.table().equals(lost.table()))) {
        continue;
      }
      losses.add(lost);
      found(Verdict.LOSES_ROWS, lost.words());
    }
  }

  void differs(List<String> some) {
    for (String difference : some) {
      if (differences.contains(difference)) {
        continue;
      }
      differences.add(difference);
      found(Verdict.SCHEMA_DIFFERS, difference);
    }
  }

  void note(String note) {
    notes.add(note);
  }

  /** Nothing was found: it is proven. */
  void proven() {
    if (verdict == null) {
      verdict = isRepeatable() ? Verdict.REPEATABLE : Verdict.PROVEN;
    }
  }

  RehearsedMigration result() {
    Verdict end = verdict == null ? Verdict.NOT_REHEARSED : verdict;
    return new RehearsedMigration(
        migration.name(),
        Optional.ofNullable(migration.version()).map(String::valueOf),
        end,
        reasons,
        Optional.ofNullable(up),
        Optional.ofNullable(undo),
        losses,
        differences,
        notes);
  }
}
