package dev.belay.flyway;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One row of Flyway's history table, as it is there.
 *
 * @param installedRank the order in which things happened
 * @param version null for repeatable migrations and for the row that records a created schema
 * @param type Flyway's word, such as {@code SQL}, {@code BASELINE} or {@code DELETE}
 * @param script what was run, such as {@code V1__initial.sql}
 * @param checksum null where Flyway records none
 * @param installedOn the table has no time zone; it is read as UTC
 * @param executionMillis how long the migration ran, in milliseconds
 */
public record AppliedMigration(
    int installedRank,
    @Nullable String version,
    String description,
    String type,
    String script,
    @Nullable Integer checksum,
    String installedBy,
    @Nullable Instant installedOn,
    int executionMillis,
    boolean success) {
  /** What Flyway OSS 13 can read; a row of any other type stops every command of it. */
  private static final Set<String> READABLE =
      Set.of(
          "SCHEMA",
          "BASELINE",
          "DELETE",
          "SQL",
          "JDBC",
          "SPRING_JDBC",
          "SCRIPT",
          "UNDO_SCRIPT",
          "CUSTOM",
          "SQL_BASELINE",
          "JDBC_BASELINE");

  /** Whether this row is about another row: it says that one was undone, held or deleted. */
  @JsonIgnore
  public boolean isRecord() {
    return isDelete() || isUndo();
  }

  /** Whether Flyway OSS can read the row. */
  @JsonIgnore
  public boolean isReadableByFlyway() {
    return READABLE.contains(type);
  }

  /** Whether Flyway's paid edition wrote the row when it undid a version. */
  @JsonIgnore
  public boolean isUndoOfPaidEdition() {
    return isUndo() && !isReadableByFlyway();
  }

  /** The version in the form that can be compared, or null. */
  public @Nullable MigrationVersion number() {
    return version == null ? null : MigrationVersion.of(version);
  }

  /** Whether the row says that another one no longer counts. */
  @JsonIgnore
  public boolean isDelete() {
    return type.equals("DELETE");
  }

  boolean isUndo() {
    return type.startsWith("UNDO_");
  }

  /** The row by which an undo is recorded so that the next start does not apply it again. */
  boolean isHold() {
    return type.equals("UNDO_SCRIPT");
  }

  boolean isSchemaCreation() {
    return type.equals("SCHEMA");
  }

  boolean isBaseline() {
    return type.equals("BASELINE") || isBaselineScript();
  }

  boolean isBaselineScript() {
    return resolvedType().equals("SQL_BASELINE") || resolvedType().equals("JDBC_BASELINE");
  }

  /** Whether it is a migration written in code, which has no script on disk. */
  boolean isInCode() {
    return resolvedType().startsWith("JDBC") || type.equals("CUSTOM");
  }

  /** Whether the row is Flyway's own and was not made by running anything. */
  boolean isSynthetic() {
    return isSchemaCreation() || isDelete() || type.equals("BASELINE");
  }

  /** The type, with the words that Flyway has renamed since. */
  String resolvedType() {
    return switch (type.toUpperCase(Locale.ROOT)) {
      case "SPRING_JDBC" -> "JDBC";
      case "SQL_STATE_SCRIPT" -> "SQL_BASELINE";
      case "JDBC_STATE_SCRIPT" -> "JDBC_BASELINE";
      default -> type;
    };
  }
}
