package dev.belay.conflicts;

import dev.belay.conflicts.RowChange.Column;
import dev.belay.flyway.AppState;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.ChecksumForms;
import dev.belay.flyway.Migration;
import dev.belay.flyway.Migration.Difference;
import dev.belay.flyway.MigrationScript;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records what a script is now, where it is proven, or said by the operator, that it is what was
 * applied.
 */
final class Alignments {
  private static final int LONGEST_DESCRIPTION = 200;
  private static final int LONGEST_VERSION = 50;

  private final AppState state;
  private final ChangeList changes;

  Alignments(AppState state, ChangeList changes) {
    this.state = state;
    this.changes = changes;
  }

  void of(Migration migration, AppliedMigration row) {
    MigrationScript script = migration.script() != null ? migration.script() : otherType(migration);
    if (script == null || state.hasSeveralScripts(migration)) {
      return;
    }
    String label = changes.label(migration);
    boolean lost = migration.script() == null;
    boolean named = changes.acceptsChecksum(label);
    boolean sameSum = row.checksum() != null && script.hasChecksum(row.checksum());
    boolean otherSum = !sameSum && (lost || migration.differences().contains(Difference.CHECKSUM));
    boolean proven = otherSum && isSameText(row, script);
    if (otherSum && (named || proven) && script.checksum() != null) {
      String why = proven ? "proven to be of the same text" : "accepted by you";
      changes.add(
          Resolution.ALIGN_CHECKSUMS,
          row,
          Column.CHECKSUM,
          String.valueOf(script.checksum()),
          "record the checksum %s for %s instead of %s (%s)"
              .formatted(script.checksum(), label, row.checksum(), why));
      changes.use(label);
    }
    boolean same = sameSum || ((named || proven) && changes.has(Resolution.ALIGN_CHECKSUMS));
    if (same) {
      type(row, script, lost && (named || isKnownType(row, script)), label);
      if (migration.differences().contains(Difference.DESCRIPTION)) {
        description(row, script, label);
      }
    }
    if (!lost) {
      versionForm(row, script);
    }
  }

  private void type(AppliedMigration row, MigrationScript script, boolean differs, String label) {
    boolean added =
        differs
            && changes.add(
                Resolution.ALIGN_TYPES,
                row,
                Column.TYPE,
                script.type(),
                "record the type %s for %s instead of %s"
                    .formatted(script.type(), label, row.type()));
    if (added) {
      changes.use(label);
    }
  }

  /** What a newer Flyway may have meant by a type is not known here. */
  private static boolean isKnownType(AppliedMigration row, MigrationScript script) {
    return row.isReadableByFlyway() || row.type().strip().equalsIgnoreCase(script.type());
  }

  private void description(AppliedMigration row, MigrationScript script, String label) {
    String words = script.description();
    String recorded =
        words.length() > LONGEST_DESCRIPTION
            ? words.substring(0, LONGEST_DESCRIPTION - 3) + "..."
            : words;
    changes.add(
        Resolution.ALIGN_DESCRIPTIONS,
        row,
        Column.DESCRIPTION,
        recorded,
        "record the description '%s' for %s instead of '%s'"
            .formatted(recorded, label, row.description()));
  }

  private void versionForm(AppliedMigration row, MigrationScript script) {
    String recorded = row.version();
    if (recorded == null || script.version() == null) {
      return;
    }
    String form = script.version().toString();
    if (!recorded.equals(form) && form.length() <= LONGEST_VERSION) {
      changes.add(
          Resolution.RENAME_VERSION_FORM,
          row,
          Column.VERSION,
          form,
          "write version %s as %s".formatted(recorded, form));
    }
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

  private boolean isSameText(AppliedMigration row, MigrationScript script) {
    return row.checksum() != null
        && ChecksumForms.explain(state.app(), script, row.checksum())
            .map(ChecksumForms.Form::sameText)
            .orElse(false);
  }
}
