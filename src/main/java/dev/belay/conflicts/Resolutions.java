package dev.belay.conflicts;

import dev.belay.conflicts.RowChange.Column;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Works out which rows of a history are to be changed, from its state alone: the same state gives
 * the same changes, so that they can be worked out again where nothing changes any more.
 */
final class Resolutions {
  private final AppState state;
  private final ChangeList changes;

  private Resolutions(AppState state, Chosen chosen) {
    this.state = state;
    this.changes = new ChangeList(state, chosen);
  }

  /**
   * The changes for one app, in the order of the rows.
   *
   * @throws dev.belay.core.Failure USAGE when a migration that was named does not exist; REFUSED
   *     when there is nothing to resolve about it
   */
  static List<RowChange> of(AppState state, Chosen chosen) {
    return new Resolutions(state, chosen).all();
  }

  private List<RowChange> all() {
    for (AppliedMigration row : state.secondDeletes()) {
      changes.remove(Resolution.REMOVE_SECOND_DELETE, row, "which is there twice");
    }
    for (Migration migration : state.migrations()) {
      if (!migration.isRecord() && migration.applied() != null) {
        new Alignments(state, changes).of(migration, migration.applied());
        failed(migration, migration.applied());
        deleted(migration);
      }
    }
    state.appliedTwice().forEach(this::duplicate);
    state.history().rows().forEach(this::undo);
    return changes.all();
  }

  private void failed(Migration migration, AppliedMigration row) {
    if (migration.flywayState().isFailed() && changes.accepts(changes.label(migration))) {
      if (changes.remove(
          Resolution.REMOVE_FAILED_ROWS, row, "which failed: the next start applies it again")) {
        changes.use(changes.label(migration));
      }
    }
  }

  /** What repair does where a script is missing, taken back. */
  private void deleted(Migration migration) {
    AppliedMigration deletion = migration.closedBy();
    MigrationScript script = script(migration);
    boolean here =
        migration.state() == MigrationState.DELETED
            && deletion != null
            && deletion.isDelete()
            && script != null
            && migration.applied() != null
            && script.hasChecksum(migration.applied().checksum());
    boolean newest =
        state.migrations().stream()
            .noneMatch(
                other ->
                    other.applied() != null
                        && migration.applied() != null
                        && !other.isRecord()
                        && Objects.equals(other.version(), migration.version())
                        && other.applied().installedRank() > migration.applied().installedRank());
    if (here
        && newest
        && !state.hasSeveralScripts(migration)
        && changes.accepts(changes.label(migration))
        && deletion != null) {
      if (changes.remove(
          Resolution.REMOVE_DELETE_ROWS, deletion, "so that it counts as applied again")) {
        changes.use(changes.label(migration));
      }
    }
  }

  private @Nullable MigrationScript script(Migration migration) {
    return state.scripts().migrations().stream()
        .filter(script -> migration.version() != null)
        .filter(script -> Objects.equals(migration.version(), script.version()))
        .filter(script -> script.type().equals(migration.type()))
        .findFirst()
        .orElse(null);
  }

  private void duplicate(List<AppliedMigration> rows) {
    AppliedMigration first = rows.get(0);
    String label = changes.label(first);
    if (!changes.accepts(label)) {
      return;
    }
    for (AppliedMigration other : rows.subList(1, rows.size())) {
      boolean equal =
          other.type().equals(first.type())
              && other.script().equals(first.script())
              && other.description().equals(first.description())
              && Objects.equals(other.checksum(), first.checksum());
      if (equal
          && changes.remove(
              Resolution.REMOVE_DUPLICATE_ROWS,
              other,
              "which says the same as row " + first.installedRank())) {
        changes.use(label);
      }
    }
  }

  private void undo(AppliedMigration row) {
    String label = changes.label(row);
    boolean takesBack =
        state.migrations().stream().anyMatch(migration -> row.equals(migration.closedBy()));
    if (row.isUndoOfPaidEdition()
        && row.success()
        && takesBack
        && changes.accepts(label)
        && changes.has(Resolution.CONVERT_UNDO_ROWS)) {
      changes.use(label);
      changes.add(
          Resolution.CONVERT_UNDO_ROWS,
          row,
          Column.TYPE,
          "DELETE",
          "make the row that undid %s one of type DELETE instead of %s"
              .formatted(label, row.type()));
    }
  }
}
