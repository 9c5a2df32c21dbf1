package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The conflicts that lie in the rows of a history. */
final class RowConflicts {
  private final AppState state;
  private final AppSettings app;
  private final NextStart next;

  RowConflicts(AppState state) {
    this.state = state;
    this.app = state.app();
    this.next = new NextStart(app);
  }

  List<Conflict> all(HistoryForm form) {
    List<Conflict> conflicts = new ArrayList<>();
    state.history().rows().forEach(row -> unreadable(row, conflicts));
    state.secondDeletes().forEach(row -> conflicts.add(secondDelete(row)));
    for (Migration migration : state.migrations()) {
      if (!migration.isRecord() && migration.flywayState().isFailed()) {
        conflicts.add(failed(migration));
      }
      versionForm(migration, conflicts);
    }
    state.appliedTwice().forEach(rows -> conflicts.add(twice(rows)));
    form.oddities().forEach(oddity -> conflicts.add(form(oddity)));
    return conflicts;
  }

  private void unreadable(AppliedMigration row, List<Conflict> conflicts) {
    MigrationVersion version = row.number();
    if (row.isUndoOfPaidEdition()) {
      conflicts.add(
          new Conflict(
              ConflictKind.UNREADABLE_ROW,
              next.unreadable("Unknown migration type '%s' found".formatted(row.type())),
              List.of(label(row)),
              List.of(),
              "row %d of the history is of type %s".formatted(row.installedRank(), row.type()),
              "Flyway's paid edition writes such a row when it undoes a version: %s was undone at %s; Flyway OSS cannot read it"
                  .formatted(label(row), when(row))));
    } else if (!row.isReadableByFlyway()) {
      conflicts.add(
          new Conflict(
              ConflictKind.UNREADABLE_ROW,
              next.unreadable("Unknown migration type '%s' found".formatted(row.type())),
              List.of(label(row)),
              List.of(),
              "row %d of the history is of type '%s', which Flyway 13 does not know"
                  .formatted(row.installedRank(), row.type()),
              "a newer Flyway, another edition or a person wrote it"));
    }
    if (version != null && !version.isValid()) {
      conflicts.add(
          new Conflict(
              ConflictKind.UNREADABLE_ROW,
              next.unreadable("Version may only contain 0..9 and . (dot)"),
              List.of(label(row)),
              List.of(),
              "row %d of the history has the version '%s', which is no version"
                  .formatted(row.installedRank(), version),
              "a person or another program wrote the row: Flyway never does"));
    }
  }

  private Conflict secondDelete(AppliedMigration row) {
    return new Conflict(
        ConflictKind.SECOND_DELETE,
        next.unreadable(
            "Corrupted schema history: multiple delete entries for version " + row.version()),
        List.of(label(row)),
        List.of(),
        "row %d of the history deletes %s, which an earlier row had deleted already"
            .formatted(row.installedRank(), label(row)),
        "two repairs ran at the same time, or a person wrote the row");
  }

  private Conflict failed(Migration migration) {
    AppliedMigration row = migration.applied();
    if (row == null) {
      throw new IllegalStateException("a failed migration without a row");
    }
    return new Conflict(
        ConflictKind.FAILED_ROW,
        migration.flywayState() == MigrationState.FUTURE_FAILED && ignored(migration)
            ? NextStart.notice(
                "an application with these scripts starts: newer versions are passed over")
            : next.broken("Detected failed migration to version " + row.version()),
        List.of(label(row)),
        files(migration),
        "%s failed at %s (row %d)".formatted(label(row), when(row), row.installedRank()),
        "in a transaction PostgreSQL takes everything back and no row stays; so %s ran without one, and what it did before it broke may still be there"
            .formatted(label(row)));
  }

  private boolean ignored(Migration migration) {
    String patterns = app.flyway().get("ignoreMigrationPatterns");
    return patterns == null || IgnoredStates.of(patterns).cover(migration);
  }

  private void versionForm(Migration migration, List<Conflict> conflicts) {
    AppliedMigration row = migration.applied();
    MigrationScript script = migration.script();
    if (row == null || script == null || row.version() == null || script.version() == null) {
      return;
    }
    boolean several = state.hasSeveralScripts(migration);
    if (!several && !migration.isRecord() && !row.version().equals(script.version().toString())) {
      conflicts.add(
          new Conflict(
              ConflictKind.VERSION_FORM,
              NextStart.notice("an application with these scripts starts: to Flyway both are one"),
              List.of(label(row)),
              files(migration),
              "the history says version %s, the script %s"
                  .formatted(row.version(), script.version()),
              "the script was renamed after it was applied, to another form of the same version"));
    }
  }

  private Conflict twice(List<AppliedMigration> rows) {
    AppliedMigration first = rows.get(0);
    String ranks =
        rows.stream()
            .map(row -> String.valueOf(row.installedRank()))
            .collect(Collectors.joining(" and "));
    return new Conflict(
        ConflictKind.DUPLICATE_ROW,
        NextStart.unsafe(
            "an application with these scripts starts; but when %s is undone, only the last of these rows is taken back, and the other says that it is still there"
                .formatted(label(first))),
        List.of(label(first)),
        List.of(),
        "rows %s of the history all say that %s was applied".formatted(ranks, label(first)),
        "two programs migrated at the same time without Flyway's lock, or rows were copied by hand");
  }

  private Conflict form(String oddity) {
    String table = new TableName(state.history().schema(), state.history().table()).plain();
    return new Conflict(
        ConflictKind.HISTORY_FORM,
        NextStart.notice("an application whose Flyway made it so starts as before"),
        List.of(),
        List.of(),
        "the history table %s is not as Flyway 13 makes it: %s".formatted(table, oddity),
        "a newer Flyway, another program or a person made or changed it");
  }

  private String label(AppliedMigration row) {
    return MigrationNames.label(app, row);
  }

  static List<String> files(Migration migration) {
    return migration.script() == null ? List.of() : List.of(migration.script().file().toString());
  }

  static String when(AppliedMigration row) {
    return row.installedOn() == null ? "an unknown time" : Units.moment(row.installedOn());
  }
}
