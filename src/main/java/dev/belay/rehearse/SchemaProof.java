package dev.belay.rehearse;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.flyway.Migration;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.undo.UndoPlanning;
import dev.belay.undo.UndoProof;
import dev.belay.undo.UndoRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether an undo brings the schema back, by a replay without data: there, what somebody changed in
 * the live schema by hand is no fault of the undo's.
 */
final class SchemaProof {
  private SchemaProof() {}

  /**
   * Works it out; empty when that cannot be.
   *
   * @param oldest the applied migration down from which everything is undone
   * @param notes is told why it is not known
   */
  static Optional<UndoProof> of(
      Settings settings,
      Databases databases,
      AppSettings app,
      Migration oldest,
      boolean generated,
      List<Path> jars,
      List<String> notes,
      Progress progress) {
    try (Database live = databases.open(settings.target()).readingOnly()) {
      UndoProof proof =
          UndoPlanning.plan(
                  settings,
                  databases,
                  live,
                  new UndoRequest(
                      app.name(),
                      String.valueOf(oldest.version()),
                      UndoRequest.Reach.DOWN_FROM,
                      UndoRequest.Preferred.LEDGER,
                      generated,
                      jars),
                  progress)
              .proof();
      proof
          .reason()
          .filter(reason -> proof.verdict() == UndoProof.Verdict.NOT_TRIED)
          .ifPresent(reason -> notes.add("the schema after the undo was not compared: " + reason));
      return Optional.of(proof);
    } catch (Failure cannot) {
      notes.add("the schema after the undo was not compared: " + cannot.message());
      return Optional.empty();
    }
  }
}
