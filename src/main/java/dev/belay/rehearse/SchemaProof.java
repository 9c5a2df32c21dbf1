package dev.belay.rehearse;

import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.ExitCode;
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
 *
 * @param databases sessions with the live database
 */
record SchemaProof(
    Settings settings,
    Databases databases,
    AppSettings app,
    boolean generated,
    List<Path> jars,
    Progress progress) {

  /**
   * What came of the undo of the first so many.
   *
   * @param proof empty where it is none at all
   */
  record Reaching(int entries, Optional<UndoProof> proof) {
    /** Tells them: what differs is told the oldest; what is not known counts for each. */
    void judge(List<Entry> newestFirst) {
      if (proof.isEmpty() || newestFirst.isEmpty()) {
        return;
      }
      UndoProof known = proof.get();
      switch (known.verdict()) {
        case PROVEN, DIFFERS ->
            newestFirst
                .get(newestFirst.size() - 1)
                .differs(
                    known.differences().stream().map(each -> "after the undo " + each).toList());
        case FAILS, NOT_TRIED ->
            newestFirst.forEach(
                each ->
                    each.found(
                        Verdict.NOT_REHEARSED,
                        "the schema after the undo was not compared: "
                            + (known.verdict() == UndoProof.Verdict.FAILS
                                ? "in a replay without data it fails: "
                                : "")
                            + known.reason().orElse("")));
      }
    }
  }

  /**
   * Works it out for all that have an undo script; those whose undo must not be run are told so.
   */
  Reaching of(List<Entry> newestFirst) {
    int reach = 0;
    while (reach < newestFirst.size() && newestFirst.get(reach).undoStep().isPresent()) {
      reach++;
    }
    for (; reach > 0; reach--) {
      Entry oldest = newestFirst.get(reach - 1);
      try {
        return new Reaching(reach, Optional.of(proof(oldest.migration())));
      } catch (Failure refused) {
        if (refused.exitCode() != ExitCode.REFUSED) {
          throw refused;
        }
        oldest.found(Verdict.NOT_REHEARSED, "its undo was not run: " + refused.message());
      }
    }
    return new Reaching(0, Optional.empty());
  }

  /**
   * Works it out down from one.
   *
   * @throws Failure REFUSED when the undo must not be run
   */
  private UndoProof proof(Migration oldest) {
    try (Database live = databases.open(settings.target()).readingOnly()) {
      return UndoPlanning.plan(
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
    } catch (Failure cannot) {
      if (cannot.exitCode() == ExitCode.REFUSED) {
        throw cannot;
      }
      return new UndoProof(UndoProof.Verdict.NOT_TRIED, List.of(), Optional.of(cannot.message()));
    }
  }
}
