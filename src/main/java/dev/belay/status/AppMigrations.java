package dev.belay.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The migrations of one app.
 *
 * @param schemas the schemas it owns
 * @param historySchema the schema of Flyway's history table
 * @param historyTable the name of Flyway's history table
 * @param historyPresent whether that table is there
 * @param currentVersion the highest version in force; null when there is none
 * @param migrations first what was applied, in that order, then what was not
 * @param problems what keeps scripts from being read as they are meant
 */
public record AppMigrations(
    String app,
    List<String> schemas,
    String historySchema,
    String historyTable,
    boolean historyPresent,
    @Nullable String currentVersion,
    List<MigrationLine> migrations,
    List<Problem> problems) {

  /**
   * A problem with scripts on disk.
   *
   * @param kind location, unreadable, duplicate, name or ledger
   */
  public record Problem(String kind, String where, String message) {}

  /** The app for a person. */
  @JsonIgnore
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(TextTable.visible(title()));
    TextTable table = new TextTable("", "", "", "", "", "", "");
    List<MigrationLine> shown = migrations.stream().filter(line -> !line.record()).toList();
    shown.forEach(line -> table.row(line.cells()));
    List<String> rows = table.lines();
    lines.addAll(rows.subList(1, rows.size()));
    if (shown.isEmpty()) {
      lines.add("  no migration was applied, and there is no script");
    }
    for (Problem problem : problems) {
      lines.add(TextTable.visible("  ! " + problem.where() + ": " + problem.message()));
    }
    return lines;
  }

  private String title() {
    String schema = schemas.size() == 1 ? "schema " : "schemas ";
    String history = historySchema + "." + historyTable;
    String at =
        !historyPresent
            ? "which is not there"
            : currentVersion == null ? "without a version" : "at version " + currentVersion;
    return "%s (%s%s, history %s, %s):"
        .formatted(app, schema, String.join(", ", schemas), history, at);
  }
}
