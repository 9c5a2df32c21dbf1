package dev.belay.undo;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueScope;
import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.flyway.ScriptFault;
import dev.belay.postgres.Database;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.Recording;
import dev.belay.scratch.ReplayPlan;
import dev.belay.scratch.Replayed;
import dev.belay.scratch.ScratchReplay;
import dev.belay.scratch.UndoText;
import dev.belay.scratch.UndoneChain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs the undo scripts of a plan in a scratch database, and looks at what came of it. */
final class UndoProving {
  private final ScratchReplay replay;
  private final Database counting;
  private final AppState state;
  private final UndoSelection selection;
  private final CatalogueScope scope;
  private final Progress progress;

  /**
   * @param counting a session with the live database that only reads, and never for long
   * @param state in which every migration that is replayed has its script
   */
  UndoProving(
      ScratchReplay replay,
      Database counting,
      AppState state,
      UndoSelection selection,
      Progress progress) {
    this.replay = replay;
    this.counting = counting;
    this.state = state;
    this.selection = selection;
    this.scope =
        CatalogueScope.without(
            new TableName(state.app().historySchema(), state.app().historyTable()));
    this.progress = progress;
  }

  /**
   * What came of it.
   *
   * @param destroyed what the migrations that go took away when they were applied
   * @param expected the schema of the migrations that stay
   */
  record Outcome(
      UndoProof proof,
      List<UndoLoss> losses,
      List<Destruction> destroyed,
      List<UndoLock> locks,
      List<Migration> vanishing,
      Optional<Catalogue> expected,
      List<String> notes) {
    static Outcome untried(String why, List<String> notes) {
      return new Outcome(
          new UndoProof(UndoProof.Verdict.NOT_TRIED, List.of(), Optional.of(why)),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          notes);
    }

    /** The same with what the replay says; before a baseline there may be more than it has. */
    Outcome with(List<String> more, AppState state) {
      boolean whole =
          state.history().rows().stream().noneMatch(row -> row.type().equals("BASELINE"));
      List<String> all = new ArrayList<>(more);
      all.addAll(notes);
      return new Outcome(
          proof, losses, destroyed, locks, vanishing, whole ? expected : Optional.empty(), all);
    }
  }

  /**
   * Tries the steps, each of which has a script.
   *
   * @throws Failure REFUSED when a script writes Flyway's table or ends its transaction itself; as
   *     {@link ScratchReplay#recording} when the migrations cannot be replayed
   */
  Outcome of(ReplayPlan plan, List<UndoStep> steps) {
    progress.step("running the undo scripts in a scratch database");
    try (Replayed replayed = replay.applied(plan);
        UndoneChain chain = replay.undo(plan, replayed, texts(steps))) {
      refuse(steps, chain);
      LiveTables live = new LiveTables(counting, chain.before());
      UndoneFacts facts = new UndoneFacts(chain, live);
      List<TableName> inSchemas =
          facts.droppedSchemas().stream().flatMap(schema -> live.in(schema).stream()).toList();
      List<String> notes = new ArrayList<>(facts.notes());
      List<UndoLoss> losses = facts.losses(inSchemas);
      List<UndoLock> locks = facts.locks();
      List<Destruction> destroyed = destroyed(replayed.recording());
      if (chain.failure().isPresent()) {
        Failure failure = chain.failure().get();
        notes.add("what would be lost and locked by the scripts from there on is not known");
        return new Outcome(
            new UndoProof(UndoProof.Verdict.FAILS, List.of(), Optional.of(failure.message())),
            losses,
            destroyed,
            locks,
            List.of(),
            Optional.empty(),
            notes);
      }
      Catalogue after;
      try (Database session = chain.open()) {
        after = Catalogue.read(session, scope);
      }
      List<Migration> vanishing = vanishing(replayed.recording(), facts.gone(), false);
      progress.step("comparing with a replay of the migrations that stay");
      Catalogue expected;
      try {
        expected = staying(plan, vanishing);
      } catch (Failure failure) {
        List<Migration> more = vanishing(replayed.recording(), facts.gone(), true);
        if (ScriptFault.in(failure).isEmpty() || more.size() == vanishing.size()) {
          throw failure;
        }
        vanishing = more;
        expected = staying(plan, vanishing);
      }
      SchemaReturn back = SchemaReturn.of(expected, after);
      notes.addAll(back.notes());
      return new Outcome(
          new UndoProof(
              back.differences().isEmpty() ? UndoProof.Verdict.PROVEN : UndoProof.Verdict.DIFFERS,
              back.differences(),
              Optional.empty()),
          losses,
          destroyed,
          locks,
          vanishing,
          Optional.of(expected),
          notes);
    }
  }

  private static List<UndoText> texts(List<UndoStep> steps) {
    return steps.stream()
        .map(step -> step.script().orElseThrow())
        .map(script -> new UndoText(script.name(), script.text(), script.transactional()))
        .toList();
  }

  private static void refuse(List<UndoStep> steps, UndoneChain chain) {
    for (int at = 0; at < steps.size(); at++) {
      String name = steps.get(at).script().orElseThrow().name();
      if (chain.wroteHistory().contains(at)) {
        throw Failure.refused(
            name + " writes Flyway's history table, which belay does itself",
            "take that out of the script");
      }
      boolean ended =
          at < chain.recorded().size()
              && steps.get(at).isTransactional()
              && !chain.recorded().get(at).inTransaction();
      if (ended) {
        throw Failure.refused(
            name + " ends its transaction itself, so that half of an undo could stay",
            "take that out of the script");
      }
    }
  }

  private Catalogue staying(ReplayPlan plan, List<Migration> vanishing) {
    Set<MigrationScript> gone = new HashSet<>();
    for (List<Migration> some : List.of(selection.gone(), vanishing)) {
      for (Migration each : some) {
        current(each).ifPresent(gone::add);
      }
    }
    try (Replayed staying = replay.applied(plan.applying(script -> !gone.contains(script)));
        Database session = replay.open(staying)) {
      return Catalogue.read(session, scope);
    }
  }

  private List<Destruction> destroyed(Recording recording) {
    return selection.gone().stream()
        .flatMap(gone -> recorded(recording, gone).stream())
        .flatMap(recorded -> Destruction.of(recorded).stream())
        .toList();
  }

  private Optional<RecordedMigration> recorded(Recording recording, Migration migration) {
    return current(migration)
        .flatMap(
            script ->
                recording.applied().stream()
                    .filter(one -> one.script().equals(script.script()))
                    .findFirst());
  }

  /** The script with which a migration is replayed; it may come from the ledger. */
  private Optional<MigrationScript> current(Migration migration) {
    return UndoPlanning.script(state, migration);
  }

  /**
   * Repeatable migrations of which something is gone.
   *
   * @param tables also those that only changed tables that are gone, as by granting something
   */
  private List<Migration> vanishing(Recording recording, Set<ObjectAddress> gone, boolean tables) {
    List<Migration> vanishing = new ArrayList<>();
    for (Migration each : selection.repeatable()) {
      if (recorded(recording, each).filter(one -> has(one, gone, tables)).isPresent()) {
        vanishing.add(each);
      }
    }
    return vanishing;
  }

  private static boolean has(
      RecordedMigration repeatable, Set<ObjectAddress> gone, boolean tables) {
    boolean made =
        repeatable.created().stream().map(RecordedObject::address).anyMatch(gone::contains);
    return made
        || repeatable.changed().stream()
            .filter(object -> tables || isReplaced(object))
            .map(RecordedObject::address)
            .anyMatch(gone::contains);
  }

  /** What {@code CREATE OR REPLACE} replaces. */
  private static boolean isReplaced(RecordedObject object) {
    return switch (object.type()) {
      case "view", "function", "procedure", "trigger", "rule" -> true;
      default -> false;
    };
  }
}
