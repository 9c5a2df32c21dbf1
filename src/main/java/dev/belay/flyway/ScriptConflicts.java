package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.flyway.Migration.Difference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The conflicts between what was applied and the scripts on disk. */
final class ScriptConflicts {
  private final AppState state;
  private final AppSettings app;
  private final NextStart next;
  private final IgnoredStates ignored;
  private final Set<MigrationVersion> otherTypes = new HashSet<>();

  ScriptConflicts(AppState state) {
    this.state = state;
    this.app = state.app();
    this.next = new NextStart(app);
    this.ignored = IgnoredStates.of(app.flyway().get("ignoreMigrationPatterns"));
  }

  List<Conflict> all() {
    List<Conflict> conflicts = new ArrayList<>();
    state.scripts().problems().forEach(problem -> problem(problem, conflicts));
    for (Migration migration : state.migrations()) {
      if (!migration.isRecord() && !migration.flywayState().isFailed()) {
        lost(migration, conflicts);
      }
    }
    for (Migration migration : state.migrations()) {
      if (!migration.isRecord()) {
        changed(migration, conflicts);
        order(migration, conflicts);
      }
    }
    return conflicts;
  }

  private void problem(ScriptProblem problem, List<Conflict> conflicts) {
    ConflictKind kind =
        switch (problem.kind()) {
          case DUPLICATE -> ConflictKind.DUPLICATE_SCRIPT;
          case UNREADABLE -> ConflictKind.UNREADABLE_SCRIPT;
          case NAME -> ConflictKind.NOT_A_MIGRATION;
          case LOCATION -> null;
        };
    if (kind == null) {
      return;
    }
    boolean undo = problem.message().startsWith("a second undo script");
    NextStart.Outcome outcome =
        switch (problem.kind()) {
          case DUPLICATE ->
              undo
                  ? NextStart.unsafe(
                      "an application with these scripts starts; the undo may be the wrong one")
                  : next.broken(
                      "Found more than one migration with the same version or description");
          case UNREADABLE -> next.broken("Unable to calculate checksum, or to parse the script");
          default -> next.badName();
        };
    String why =
        switch (problem.kind()) {
          case DUPLICATE ->
              undo
                  ? "two scripts undo the same version"
                  : "two branches took the same number, or a script was renamed and the old one stayed; 1, 01 and 1.0 are one version to Flyway";
          case UNREADABLE ->
              "it was saved in another encoding than the one that is configured, or this user may not read it";
          default -> "its name does not have the form of a migration, such as V7__add_x.sql";
        };
    conflicts.add(
        new Conflict(
            kind,
            outcome,
            List.of(),
            List.of(problem.where()),
            problem.where() + ": " + problem.message(),
            why));
  }

  /** Applied, and there is no script for it. */
  private void lost(Migration migration, List<Conflict> conflicts) {
    AppliedMigration row = migration.applied();
    MigrationState flyway = migration.flywayState();
    if (row == null || !(flyway.isMissing() || flyway.isFuture())) {
      return;
    }
    Optional<MigrationScript> other = ofOtherType(migration);
    if (other.isPresent()) {
      otherTypes.add(Objects.requireNonNull(migration.version()));
      conflicts.add(otherType(migration, row, other.get()));
    } else if (!migration.isInCode() && state.knowsAllScripts()) {
      conflicts.add(flyway.isFuture() ? newer(migration, row) : missing(migration, row));
    }
  }

  private Optional<MigrationScript> ofOtherType(Migration migration) {
    MigrationVersion version = migration.version();
    return state.scripts().migrations().stream()
        .filter(script -> version != null && version.equals(script.version()))
        .filter(script -> !script.isBaseline())
        .findFirst();
  }

  private Conflict otherType(Migration migration, AppliedMigration row, MigrationScript script) {
    boolean again =
        state.migrations().stream()
            .anyMatch(
                each ->
                    script.equals(each.script())
                        && each.applied() == null
                        && each.state() == MigrationState.PENDING);
    NextStart.Outcome outcome =
        again && ignored.cover(migration)
            ? NextStart.unsafe(
                "the next start takes the script for one that was never applied, and runs it a second time")
            : next.invalid("Detected applied migration not resolved locally: " + row.version());
    return new Conflict(
        ConflictKind.TYPE_MISMATCH,
        outcome,
        List.of(label(migration)),
        List.of(script.file().toString()),
        "%s was applied as %s (row %d), and on disk it is %s"
            .formatted(label(migration), row.type(), row.installedRank(), script.type()),
        "a migration in code was written anew as a script, or the row was changed by hand");
  }

  private Conflict missing(Migration migration, AppliedMigration row) {
    String held = migration.state() == MigrationState.HELD ? ", undone and held since then" : "";
    boolean repeatable = migration.version() == null;
    NextStart.Outcome outcome =
        ignored.cover(migration)
            ? NextStart.notice(
                "an application with these scripts starts: ignoreMigrationPatterns passes over it")
            : next.invalid(
                "Detected applied migration not resolved locally: "
                    + (repeatable ? row.description() : row.version()));
    return new Conflict(
            ConflictKind.MISSING_SCRIPT,
            outcome,
            List.of(label(migration)),
            List.of(),
            "%s (%s) was applied at %s%s, and its script is not here"
                .formatted(label(migration), row.script(), RowConflicts.when(row), held),
            repeatable
                ? "the script was removed or renamed, or it is on another branch"
                : "there are newer scripts, so this checkout is not simply older: the script was removed or renamed, or it is on another branch")
        .ifMarkedDeleted(
            repeatable
                ? "the next start with all scripts runs it again"
                : next.withAllScripts(label(migration), true));
  }

  private Conflict newer(Migration migration, AppliedMigration row) {
    boolean none = state.scripts().migrations().isEmpty();
    NextStart.Outcome outcome =
        ignored.cover(migration)
            ? NextStart.notice(
                "an application with these scripts starts: Flyway passes over what is newer")
            : next.invalid("Detected applied migration not resolved locally: " + row.version());
    return new Conflict(
            ConflictKind.NEWER_THAN_SCRIPTS,
            outcome,
            List.of(label(migration)),
            List.of(),
            "%s (%s) was applied at %s, and is newer than every script here"
                .formatted(label(migration), row.script(), RowConflicts.when(row)),
            none
                ? "there is no migration at all in %s: is that the right folder?"
                    .formatted(String.join(", ", app.locations()))
                : "this checkout is older than the database")
        .ifMarkedDeleted(next.withAllScripts(label(migration), false));
  }

  private void changed(Migration migration, List<Conflict> conflicts) {
    AppliedMigration row = migration.applied();
    MigrationScript script = migration.script();
    if (row == null || script == null || state.hasSeveralScripts(migration)) {
      return;
    }
    List<Difference> differences = migration.differences();
    if (differences.contains(Difference.CHECKSUM)) {
      Integer recorded = row.checksum();
      Optional<ChecksumForms.Form> form =
          recorded == null ? Optional.empty() : ChecksumForms.explain(app, script, recorded);
      conflicts.add(
          new Conflict(
              ConflictKind.CHECKSUM_MISMATCH,
              differs(migration, "checksum"),
              List.of(label(migration)),
              RowConflicts.files(migration),
              "%s was applied with checksum %s, and the script now has %s"
                  .formatted(label(migration), recorded, script.checksum()),
              form.map(ChecksumForms.Form::explanation)
                  .orElse("the script was changed after it was applied")));
    }
    if (differences.contains(Difference.DESCRIPTION)) {
      conflicts.add(
          new Conflict(
              ConflictKind.DESCRIPTION_MISMATCH,
              differs(migration, "description"),
              List.of(label(migration)),
              RowConflicts.files(migration),
              "%s was applied as '%s', and the script is now called '%s'"
                  .formatted(label(migration), row.description(), script.description()),
              "the script was renamed after it was applied"));
    }
  }

  private NextStart.Outcome differs(Migration migration, String what) {
    return next.invalid(
        "Migration %s mismatch for migration %s"
            .formatted(
                what,
                migration.version() == null
                    ? migration.description()
                    : "version " + migration.version()));
  }

  private void order(Migration migration, List<Conflict> conflicts) {
    MigrationVersion version = migration.version();
    if (migration.state() == MigrationState.OUT_OF_ORDER) {
      conflicts.add(
          new Conflict(
              ConflictKind.OUT_OF_ORDER,
              NextStart.notice("an application with these scripts starts"),
              List.of(label(migration)),
              RowConflicts.files(migration),
              label(migration) + " was applied after a newer version",
              "outOfOrder was on when it was applied; a new database gets the versions in another order"));
    }
    if (version == null
        || migration.state() != MigrationState.IGNORED
        || migration.type().equals("SQL_BASELINE")
        || otherTypes.contains(version)) {
      return;
    }
    NextStart.Outcome outcome =
        ignored.cover(migration)
            ? NextStart.unsafe(
                "an application with these scripts starts and passes over it: this database never gets it, a new one does")
            : next.invalid("Detected resolved migration not applied to database: " + version);
    Optional<AppliedMigration> deletedBy = deletedBy(version);
    conflicts.add(
        deletedBy
            .map(row -> deleted(migration, row, outcome))
            .orElseGet(
                () ->
                    new Conflict(
                        ConflictKind.NOT_APPLIED,
                        outcome,
                        List.of(label(migration)),
                        RowConflicts.files(migration),
                        label(migration) + " was never applied, and newer versions were",
                        "it came from another branch after newer versions had been applied")));
  }

  private Conflict deleted(Migration migration, AppliedMigration row, NextStart.Outcome outcome) {
    return new Conflict(
        ConflictKind.DELETED_AND_HERE,
        outcome,
        List.of(label(migration)),
        RowConflicts.files(migration),
        "%s was applied, then marked deleted at %s (row %d), and its script is here"
            .formatted(label(migration), RowConflicts.when(row), row.installedRank()),
        "it was undone while newer versions stayed; or 'flyway repair' ran where the script was missing, and what %s made is still in the database"
            .formatted(label(migration)));
  }

  /** The last row that marks that version deleted, if it is so now. */
  private Optional<AppliedMigration> deletedBy(MigrationVersion version) {
    return state.migrations().stream()
        .filter(each -> version.equals(each.version()) && each.state() == MigrationState.DELETED)
        .map(Migration::closedBy)
        .filter(Objects::nonNull)
        .reduce((earlier, later) -> later);
  }

  private String label(Migration migration) {
    return MigrationNames.label(app, migration);
  }
}
