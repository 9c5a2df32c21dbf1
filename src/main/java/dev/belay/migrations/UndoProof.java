package dev.belay.migrations;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueComparison;
import dev.belay.catalogue.CatalogueScope;
import dev.belay.catalogue.ComparisonOptions;
import dev.belay.catalogue.Difference;
import dev.belay.core.TableName;
import dev.belay.flyway.MigrationScript;
import dev.belay.postgres.Database;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RelationLock;
import dev.belay.scratch.ReplayStep;
import dev.belay.scratch.ReplaySteps;
import dev.belay.scratch.UndoneStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs undo scripts on copies of the replay, and compares the schema with the one before. */
final class UndoProof {
  /** As pg_dump would print it, but for names that PostgreSQL made. */
  private static final ComparisonOptions OPTIONS =
      new ComparisonOptions(true, true, true, false, List.of());

  private static final String COLUMN_ORDER = "column order";

  private final ReplaySteps steps;
  private final CatalogueScope scope;

  UndoProof(ReplaySteps steps, TableName history) {
    this.steps = steps;
    this.scope = CatalogueScope.without(history);
  }

  /** The schema as it is now in the replay. */
  Catalogue now() {
    try (Database session = steps.open()) {
      return Catalogue.read(session, scope);
    }
  }

  /**
   * Tries an undo script.
   *
   * @param before the schema before the migration
   * @param file of the script, for the answer
   */
  UndoAnswer of(MigrationScript script, Catalogue before, String file) {
    try (UndoneStep undone = steps.undo(script)) {
      ReplayStep step = undone.step();
      if (step.failure() != null) {
        return new UndoAnswer(
            UndoVerdict.fails,
            Optional.of(file),
            List.of(),
            Optional.of(step.failure().message()),
            List.of(),
            List.of());
      }
      if (step.statements() == 0) {
        return UndoAnswer.without(UndoVerdict.empty, Optional.of(file));
      }
      return compared(before, undone, file);
    }
  }

  private UndoAnswer compared(Catalogue before, UndoneStep undone, String file) {
    Catalogue after;
    try (Database session = undone.open()) {
      after = Catalogue.read(session, scope);
    }
    List<String> differences = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Difference difference : CatalogueComparison.of(before, after, OPTIONS).differences()) {
      boolean order =
          !difference.properties().isEmpty()
              && difference.properties().stream()
                  .allMatch(each -> each.property().equals(COLUMN_ORDER));
      if (order) {
        notes.add(
            "after the undo the columns of "
                + difference.key().plain()
                + " are in another order, which matters to SELECT * and INSERT without names");
      } else {
        differences.add(words(difference));
      }
    }
    return new UndoAnswer(
        differences.isEmpty() ? UndoVerdict.proven : UndoVerdict.differs,
        Optional.of(file),
        differences,
        Optional.empty(),
        locks(undone.step().recorded()),
        notes);
  }

  private static String words(Difference difference) {
    return switch (difference.group()) {
      case MISSING -> difference.key() + " is gone";
      case ORPHANED -> difference.key() + " is still there";
      case DIFFERENT -> {
        List<String> properties =
            difference.properties().stream()
                .map(
                    each ->
                        "%s was %s, is %s"
                            .formatted(
                                each.property(),
                                each.expected().orElse("none"),
                                each.actual().orElse("none")))
                .toList();
        yield difference.key() + ": " + String.join(", ", properties);
      }
    };
  }

  private static List<String> locks(@Nullable RecordedMigration undo) {
    if (undo == null) {
      return List.of();
    }
    return undo.locks().stream()
        .filter(lock -> lock.relation().isTable() && lock.strongest().stopsWrites())
        .map((RelationLock lock) -> lock.strongest().word() + " on " + lock.relation().identity())
        .toList();
  }
}
