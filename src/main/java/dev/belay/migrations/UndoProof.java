package dev.belay.migrations;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueScope;
import dev.belay.core.TableName;
import dev.belay.flyway.MigrationScript;
import dev.belay.postgres.Database;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RelationLock;
import dev.belay.scratch.ReplayStep;
import dev.belay.scratch.ReplaySteps;
import dev.belay.scratch.UndoneStep;
import dev.belay.undo.SchemaReturn;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs undo scripts on copies of the replay, and compares the schema with the one before. */
final class UndoProof {
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
    SchemaReturn compared = SchemaReturn.of(before, after);
    return new UndoAnswer(
        compared.differences().isEmpty() ? UndoVerdict.proven : UndoVerdict.differs,
        Optional.of(file),
        compared.differences(),
        Optional.empty(),
        locks(undone.step().recorded()),
        compared.notes());
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
