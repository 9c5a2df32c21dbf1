package dev.belay.migrations;

import dev.belay.undo.TableSize;
import java.util.Locale;

/** The rules by which a migration is called risky, the gravest first. */
public enum RiskRule {
  FAILS(RiskLevel.critical, "The migration failed in the replay, so it will fail in the database."),
  FAILS_ON_ROWS(
      RiskLevel.critical,
      "A column becomes NOT NULL while live rows have no value for it, and nothing fills it before."),
  DATA_DESTROYED(
      RiskLevel.critical,
      "A table or column is dropped that holds live rows or values: low when it holds none.",
      RiskLevel.low),
  TABLE_EMPTIED(
      RiskLevel.critical,
      "A table with live rows is truncated: low when it has none.",
      RiskLevel.low),
  TABLE_REWRITTEN(
      RiskLevel.low,
      RiskLevel.high,
      RiskLevel.critical,
      "Every row is written anew under a lock, and it takes twice the space meanwhile."),
  INDEX_BUILD(
      RiskLevel.low,
      RiskLevel.medium,
      RiskLevel.high,
      "An index is built under a lock that stops writes; CREATE INDEX CONCURRENTLY does not."),
  SCAN_UNDER_LOCK(
      RiskLevel.low,
      RiskLevel.medium,
      RiskLevel.high,
      "Every row is read under a lock to check a constraint; NOT VALID and a later VALIDATE do not."),
  STOPS_READS(
      RiskLevel.low,
      RiskLevel.low,
      RiskLevel.medium,
      "ACCESS EXCLUSIVE waits for every running query, and all later ones wait behind it."),
  STOPS_WRITES(
      RiskLevel.low,
      RiskLevel.low,
      RiskLevel.medium,
      "A lock that stops writes waits for every writing transaction, and later ones wait behind it."),
  ROWS_DELETED(
      RiskLevel.high,
      "It deletes rows that migrations had put in; how many live rows it deletes is not seen."),
  ROWS_UPDATED(
      RiskLevel.medium,
      "It updates rows that migrations had put in; how many live rows it updates is not seen."),
  ROWS_WRITTEN(
      RiskLevel.low,
      RiskLevel.medium,
      RiskLevel.high,
      "It writes rows of a table, and found none to write in the replay; low when it only inserts."),
  RENAMED(
      RiskLevel.high,
      "The running application knows the old name: medium when a relation of the old name is there.",
      RiskLevel.medium),
  COLUMN_DROPPED(
      RiskLevel.medium, "A running application that still reads or writes the column fails."),
  OBJECT_DROPPED(RiskLevel.medium, "Whoever still uses the view, function or other object fails."),
  TYPE_CHANGED(
      RiskLevel.medium,
      "Live values may not fit the other type, and a running application may not expect it."),
  MAY_FAIL_ON_ROWS(
      RiskLevel.medium,
      "A column becomes NOT NULL; whether what runs before it fills every live row is not seen."),
  INDEX_DROPPED(
      RiskLevel.low,
      RiskLevel.low,
      RiskLevel.medium,
      "Queries that used the index read the whole table."),
  CONSTRAINT_DROPPED(RiskLevel.low, "Wrong rows are no longer refused."),
  INDEX_INVALID(
      RiskLevel.medium, "An index is left that is not valid: it costs writes and serves nobody."),
  ENUM_VALUE_ADDED(RiskLevel.low, "A value of an enum cannot be taken away again."),
  OUTSIDE_TRANSACTION(
      RiskLevel.low, "When it fails half way, what it did until then stays in the database."),
  NOT_SEEN(RiskLevel.high, "It was not replayed, so what it does is not known."),
  UNDO_FAILS(RiskLevel.high, "The undo script failed on the replayed database: it is no way back."),
  UNDO_DIFFERS(
      RiskLevel.high, "After the undo script the schema is not as it was before the migration."),
  UNDO_EMPTY(
      RiskLevel.high,
      "The undo script has no statement though the migration changes the schema: medium when not.",
      RiskLevel.medium),
  UNDO_MISSING(RiskLevel.medium, "There is no undo script: the way back is a restore.");

  private final RiskLevel small;
  private final RiskLevel middle;
  private final RiskLevel large;
  private final RiskLevel mild;
  private final String why;

  RiskRule(RiskLevel level, String why) {
    this(level, why, level);
  }

  RiskRule(RiskLevel level, String why, RiskLevel mild) {
    this.small = level;
    this.middle = level;
    this.large = level;
    this.mild = mild;
    this.why = why;
  }

  RiskRule(RiskLevel small, RiskLevel middle, RiskLevel large, String why) {
    this.small = small;
    this.middle = middle;
    this.large = large;
    this.mild = small;
    this.why = why;
  }

  /** Its name for people and programs, such as {@code table-rewritten}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Why it matters, in one sentence. */
  public String why() {
    return why;
  }

  /** The level where size does not matter. */
  RiskLevel level() {
    return large;
  }

  /** The level of the milder case that its sentence names. */
  RiskLevel mildLevel() {
    return mild;
  }

  /** The level for a table of that size. */
  RiskLevel level(TableSize size) {
    return switch (size) {
      case SMALL -> small;
      case MIDDLE -> middle;
      case LARGE -> large;
    };
  }

  /** Its levels for people. */
  String levels() {
    if (small != large) {
      return "%s, %s, %s by size".formatted(small, middle, large);
    }
    return mild == large ? large.name() : large + " or " + mild;
  }
}
