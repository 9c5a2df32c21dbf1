package dev.belay.conflicts;

import dev.belay.conflicts.RowChange.Column;
import dev.belay.core.Failure;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationNames;
import dev.belay.process.ShellWords;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The changes of one history as they are worked out, and which named migrations they served. */
final class ChangeList {
  private final AppState state;
  private final Chosen chosen;
  private final List<String> checksums;
  private final List<String> accepted;
  private final List<RowChange> changes = new ArrayList<>();
  private final Set<String> used = new HashSet<>();

  ChangeList(AppState state, Chosen chosen) {
    this.state = state;
    this.chosen = chosen;
    this.checksums = chosen.checksumsIn(state);
    this.accepted = chosen.acceptedIn(state);
  }

  /** Whether the script of a migration is accepted by name. */
  boolean acceptsChecksum(String label) {
    return checksums.contains(label);
  }

  /** Whether a resolution that is not automatic is accepted for a migration. */
  boolean accepts(String label) {
    return accepted.contains(label);
  }

  boolean has(Resolution resolution) {
    return chosen.has(resolution);
  }

  /** A named migration was of use. */
  void use(String label) {
    used.add(label);
  }

  String label(Migration migration) {
    return MigrationNames.label(state.app(), migration);
  }

  String label(AppliedMigration row) {
    return MigrationNames.label(state.app(), row);
  }

  /** Removes a row; false: that resolution was not chosen. */
  boolean remove(Resolution resolution, AppliedMigration row, String why) {
    String what = row.isDelete() ? "the row that deletes " : "the row of ";
    return add(resolution, row, Column.ROW, "", "remove %s%s, %s".formatted(what, label(row), why));
  }

  /** Changes a column of a row; false: that resolution was not chosen. */
  boolean add(
      Resolution resolution, AppliedMigration row, Column column, String value, String words) {
    if (!chosen.has(resolution)) {
      return false;
    }
    changes.add(
        new RowChange(
            resolution,
            state.app().name(),
            label(row),
            row.installedRank(),
            "%s: %s (row %d)".formatted(resolution.word(), words, row.installedRank()),
            row,
            column,
            value));
    return true;
  }

  /**
   * The changes in the order of the rows.
   *
   * @throws Failure REFUSED when a migration was named and nothing can be done about it
   */
  List<RowChange> all() {
    List<String> named = new ArrayList<>(checksums);
    named.addAll(accepted);
    named.removeAll(used);
    if (!named.isEmpty()) {
      throw Failure.refused(
          "nothing can be resolved that way about %s of the app '%s'"
              .formatted(String.join(", ", named), state.app().name()),
          "see its conflicts with: belay "
              + ShellWords.join(List.of("resolve-conflicts", state.app().name(), "--dry-run")));
    }
    changes.sort(
        Comparator.comparingInt(RowChange::rank)
            .thenComparing(RowChange::resolution)
            .thenComparing(RowChange::column));
    return List.copyOf(changes);
  }
}
