package dev.belay.conflicts;

import dev.belay.conflicts.RowChange.Column;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.ChecksumForms;
import dev.belay.flyway.Migration;
import dev.belay.flyway.Migration.Difference;
import dev.belay.flyway.MigrationNames;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.MigrationState;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out which rows of a history are to be changed, from its state alone: the same state gives
 * the same changes, so that they can be worked out again where nothing changes any more.
 */
final class Resolutions {
  private static final int LONGEST_DESCRIPTION = 200;

  private final AppState state;
  private final Chosen chosen;
  private final List<String> acceptedChecksums;
  private final List<String> accepted;
  private final List<RowChange> changes = new ArrayList<>();
  private final Set<String> used = new HashSet<>();

  private Resolutions(AppState state, Chosen chosen) {
    this.state = state;
    this.chosen = chosen;
    this.acceptedChecksums = chosen.checksumsIn(state);
    this.accepted = chosen.acceptedIn(state);
  }

  /**
   * The changes for one app, in the order of the rows.
   *
   * @throws Failure USAGE when a migration that was named does not exist; REFUSED when there is
   *     nothing to resolve about it
   */
  static List<RowChange> of(AppState state, Chosen chosen) {
    return new Resolutions(state, chosen).all();
  }

  private List<RowChange> all() {
    for (AppliedMigration row : state.secondDeletes()) {
      remove(Resolution.REMOVE_SECOND_DELETE, row, "which is there twice");
    }
    for (Migration migration : state.migrations()) {
      if (!migration.isRecord() && migration.applied() != null) {
        align(migration, migration.applied());
        failed(migration, migration.applied());
        deleted(migration);
      }
    }
    state.appliedTwice().forEach(this::duplicate);
    state.history().rows().forEach(this::undo);
    checkUsed();
    changes.sort(
        Comparator.comparingInt(RowChange::rank)
            .thenComparing(RowChange::resolution)
            .thenComparing(RowChange::column));
    return List.copyOf(changes);
  }

  private void align(Migration migration, AppliedMigration row) {
    MigrationScript script = migration.script() != null ? migration.script() : otherType(migration);
    if (script == null || state.hasSeveralScripts(migration)) {
      return;
    }
    boolean differs = migration.differences().contains(Difference.CHECKSUM);
    boolean named = acceptedChecksums.contains(label(migration));
    boolean sameSum = row.checksum() != null && script.hasChecksum(row.checksum());
    boolean lost = migration.script() == null;
    boolean proven = !sameSum && (differs || lost) && isSameText(row, script);
    boolean same = sameSum || ((named || proven) && chosen.has(Resolution.ALIGN_CHECKSUMS));
    if ((differs || (lost && !sameSum)) && (named || proven) && script.checksum() != null) {
      used(migration, named);
      add(
          Resolution.ALIGN_CHECKSUMS,
          row,
          Column.CHECKSUM,
          String.valueOf(script.checksum()),
          "record the checksum %s for %s instead of %s (%s)"
              .formatted(
                  script.checksum(),
                  label(migration),
                  row.checksum(),
                  proven ? "proven to be of the same text" : "accepted by you"));
    }
    if (lost && same) {
      used(migration, named);
      add(
          Resolution.ALIGN_TYPES,
          row,
          Column.TYPE,
          script.type(),
          "record the type %s for %s instead of %s"
              .formatted(script.type(), label(migration), row.type()));
    }
    boolean renamed = migration.differences().contains(Difference.DESCRIPTION);
    if (renamed && same) {
      String words = description(script);
      add(
          Resolution.ALIGN_DESCRIPTIONS,
          row,
          Column.DESCRIPTION,
          words,
          "record the description '%s' for %s instead of '%s'"
              .formatted(words, label(migration), row.description()));
    }
    versionForm(migration, row, script);
  }

  /** Flyway sees two migrations where a version was applied as one type and is now another. */
  private @Nullable MigrationScript otherType(Migration migration) {
    boolean lost = migration.flywayState().isMissing() || migration.flywayState().isFuture();
    if (!lost || migration.version() == null) {
      return null;
    }
    List<MigrationScript> others =
        state.scripts().migrations().stream()
            .filter(script -> migration.version().equals(script.version()))
            .filter(script -> !script.type().equals("SQL_BASELINE"))
            .toList();
    return others.size() == 1 ? others.get(0) : null;
  }

  private void versionForm(Migration migration, AppliedMigration row, MigrationScript script) {
    String recorded = row.version();
    if (recorded == null || script.version() == null || migration.script() == null) {
      return;
    }
    String form = script.version().toString();
    if (!recorded.equals(form) && form.length() <= 50) {
      add(
          Resolution.RENAME_VERSION_FORM,
          row,
          Column.VERSION,
          form,
          "write version %s as %s".formatted(recorded, form));
    }
  }

  private boolean isSameText(AppliedMigration row, MigrationScript script) {
    return row.checksum() != null
        && ChecksumForms.explain(state.app(), script, row.checksum())
            .map(ChecksumForms.Form::sameText)
            .orElse(false);
  }

  private static String description(MigrationScript script) {
    String words = script.description();
    return words.length() > LONGEST_DESCRIPTION
        ? words.substring(0, LONGEST_DESCRIPTION - 3) + "..."
        : words;
  }

  private void failed(Migration migration, AppliedMigration row) {
    if (migration.flywayState().isFailed() && accepted.contains(label(migration))) {
      if (remove(
          Resolution.REMOVE_FAILED_ROWS, row, "which failed: the next start applies it again")) {
        used(migration, true);
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
        && accepted.contains(label(migration))
        && deletion != null) {
      if (remove(Resolution.REMOVE_DELETE_ROWS, deletion, "so that it counts as applied again")) {
        used(migration, true);
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
    String label = MigrationNames.label(state.app(), first);
    if (!accepted.contains(label)) {
      return;
    }
    for (AppliedMigration other : rows.subList(1, rows.size())) {
      boolean equal =
          other.type().equals(first.type())
              && other.script().equals(first.script())
              && other.description().equals(first.description())
              && Objects.equals(other.checksum(), first.checksum());
      if (equal
          && remove(
              Resolution.REMOVE_DUPLICATE_ROWS,
              other,
              "which says the same as row " + first.installedRank())) {
        used.add(label);
      }
    }
  }

  private void undo(AppliedMigration row) {
    String label = MigrationNames.label(state.app(), row);
    boolean takesBack =
        state.migrations().stream().anyMatch(migration -> row.equals(migration.closedBy()));
    if (row.isUndoOfPaidEdition()
        && row.success()
        && takesBack
        && accepted.contains(label)
        && chosen.has(Resolution.CONVERT_UNDO_ROWS)) {
      used.add(label);
      add(
          Resolution.CONVERT_UNDO_ROWS,
          row,
          Column.TYPE,
          "DELETE",
          "make the row that undid %s one of type DELETE instead of %s"
              .formatted(label, row.type()));
    }
  }

  private boolean remove(Resolution resolution, AppliedMigration row, String why) {
    String what = row.isDelete() ? "the row that deletes " : "the row of ";
    return add(
        resolution,
        row,
        Column.ROW,
        "",
        "remove %s%s, %s".formatted(what, MigrationNames.label(state.app(), row), why));
  }

  private boolean add(
      Resolution resolution, AppliedMigration row, Column column, String value, String words) {
    if (!chosen.has(resolution)) {
      return false;
    }
    changes.add(
        new RowChange(
            resolution,
            state.app().name(),
            MigrationNames.label(state.app(), row),
            row.installedRank(),
            "%s: %s (row %d)".formatted(resolution.word(), words, row.installedRank()),
            row,
            column,
            value));
    return true;
  }

  private void used(Migration migration, boolean byName) {
    if (byName) {
      used.add(label(migration));
    }
  }

  private void checkUsed() {
    List<String> named = new ArrayList<>(acceptedChecksums);
    named.addAll(accepted);
    named.removeAll(used);
    if (!named.isEmpty()) {
      throw Failure.refused(
          "nothing can be resolved that way about %s of the app '%s'"
              .formatted(String.join(", ", named), state.app().name()),
          "see its conflicts with: belay resolve-conflicts %s --dry-run"
              .formatted(ShellWords.quote(state.app().name())));
    }
  }

  private String label(Migration migration) {
    return MigrationNames.label(state.app(), migration);
  }
}
