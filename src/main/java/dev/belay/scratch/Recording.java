package dev.belay.scratch;

import java.util.ArrayList;
import java.util.List;

/**
 * What a replay wrote down.
 *
 * @param form version of this form
 * @param extensions extensions of the live database that were made before the first migration,
 *     since none makes them before they are needed
 * @param applied the migrations that were applied to the live database, in the order in which they
 *     were replayed
 * @param pending those that were not
 * @param notes what the replay could not do as it is in the live database
 */
public record Recording(
    int form,
    List<String> extensions,
    List<RecordedMigration> applied,
    List<RecordedMigration> pending,
    List<String> notes) {
  /** The form that this program writes and reads. */
  static final int FORM = 2;

  public Recording {
    extensions = List.copyOf(extensions);
    applied = List.copyOf(applied);
    pending = List.copyOf(pending);
    notes = List.copyOf(notes);
  }

  /** All migrations in the order in which they were replayed. */
  public List<RecordedMigration> all() {
    List<RecordedMigration> all = new ArrayList<>(applied);
    all.addAll(pending);
    return all;
  }
}
