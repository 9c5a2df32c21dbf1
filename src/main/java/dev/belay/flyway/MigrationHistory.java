package dev.belay.flyway;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What Flyway's history table of one app holds.
 *
 * @param app the app's name
 * @param schema the schema of the history table
 * @param table the name of the history table
 * @param present whether the table is there; without it nothing was ever migrated
 * @param rows in the order of their rank
 */
public record MigrationHistory(
    String app, String schema, String table, boolean present, List<AppliedMigration> rows) {
  public MigrationHistory {
    rows = List.copyOf(rows);
  }

  /** The history of an app whose table is not there. */
  static MigrationHistory absent(String app, String schema, String table) {
    return new MigrationHistory(app, schema, table, false, List.of());
  }

  /**
   * The highest version that is applied and in force: not failed, undone, held or deleted. Null
   * when there is none.
   */
  @JsonProperty
  public @Nullable String currentVersion() {
    return HistoryRow.versioned(rows).stream()
        .filter(HistoryRow::isInForce)
        .map(row -> row.version)
        .filter(Objects::nonNull)
        .max(MigrationVersion::compareTo)
        .map(MigrationVersion::toString)
        .orElse(null);
  }

  /**
   * What was run and is in force, in the order in which it was run: not failed, undone, held or
   * deleted. A repeatable migration is there once, where it was last run; what only Flyway itself
   * did, such as a baseline, is not there.
   */
  @JsonIgnore
  public List<AppliedMigration> inForce() {
    Map<String, HistoryRow> repeatable = new HashMap<>();
    for (HistoryRow row : HistoryRow.repeatable(rows)) {
      if (row.isInForce()) {
        repeatable.put(row.applied.description(), row);
      }
    }
    return Stream.concat(HistoryRow.versioned(rows).stream(), repeatable.values().stream())
        .filter(row -> row.isInForce() && !row.applied.isSynthetic())
        .map(row -> row.applied)
        .sorted(Comparator.comparingInt(AppliedMigration::installedRank))
        .toList();
  }

  /** The row by which a migration is held; null: it is not held. */
  @JsonIgnore
  public @Nullable AppliedMigration holdOf(AppliedMigration row) {
    return HistoryRow.versioned(rows).stream()
        .filter(each -> each.held && each.applied.equals(row))
        .map(each -> each.closedBy)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }
}
