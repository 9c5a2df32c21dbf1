package dev.belay.conflicts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.flyway.AppliedMigration;

/**
 * A change of one row of a history.
 *
 * @param app the app whose history it is
 * @param migration the label of the migration that it is about
 * @param rank of the row
 * @param words what is changed, as a step of a plan
 * @param row the row as it must be when it is changed
 * @param column what is changed in it
 * @param value the new value, as text; of no meaning for {@link Column#ROW}
 */
public record RowChange(
    Resolution resolution,
    String app,
    String migration,
    int rank,
    String words,
    @JsonIgnore AppliedMigration row,
    @JsonIgnore Column column,
    @JsonIgnore String value) {
  /** What of a row is changed. */
  public enum Column {
    /** The whole row is removed. */
    ROW,
    VERSION,
    DESCRIPTION,
    TYPE,
    CHECKSUM
  }

  /** The row once this change was made to it. */
  AppliedMigration after(AppliedMigration before) {
    return new AppliedMigration(
        before.installedRank(),
        column == Column.VERSION ? value : before.version(),
        column == Column.DESCRIPTION ? value : before.description(),
        column == Column.TYPE ? value : before.type(),
        before.script(),
        column == Column.CHECKSUM ? Integer.valueOf(value) : before.checksum(),
        before.installedBy(),
        before.installedOn(),
        before.executionMillis(),
        before.success());
  }
}
