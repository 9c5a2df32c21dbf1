package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.scratch.StepOnData;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes applied migrations back on a copy, applies them again, and compares. */
final class BackAndThere {
  private final RehearsalGround ground;
  private final MigrationRuns runs;
  private final SchemaProof proving;
  private final List<DataState> states = new ArrayList<>();
  private final Comparison comparison;

  /**
   * @param probe works beside the scripts
   * @param proving what the undo down from a migration does to the schema alone in a replay
   */
  BackAndThere(RehearsalGround ground, Optional<Probe> probe, SchemaProof proving) {
    this.ground = ground;
    this.runs = new MigrationRuns(ground, probe);
    this.proving = proving;
    this.comparison = new Comparison(ground, () -> states.get(0), new Hidden());
  }

  /**
   * Takes the newest back, one after the other, and applies them again.
   *
   * @param newestFirst applied migrations
   * @throws Failure when something else fails than a script: UNAVAILABLE when the server is gone
   */
  void rehearse(List<Entry> newestFirst) {
    SchemaProof.Reaching proof = proving.of(newestFirst);
    DataState current = ground.state();
    states.add(current);
    comparison.noteCounted(newestFirst);
    int undone = 0;
    for (Entry entry : newestFirst) {
      Optional<DataState> now = entry.isFound() ? Optional.empty() : runs.undo(entry, current);
      if (now.isEmpty()) {
        break;
      }
      current = now.get();
      states.add(current);
      undone++;
    }
    for (Entry entry : newestFirst.subList(undone, newestFirst.size())) {
      if (!entry.isFound()) {
        entry.found(
            Verdict.NOT_REHEARSED,
            newestFirst.get(undone).migration().name() + ", which was applied after it, stays");
      }
    }
    List<Entry> taken = newestFirst.subList(0, undone);
    (proof.entries() == undone ? proof : proving.of(taken)).judge(taken);
    thereAgain(newestFirst, undone, current);
  }

  private void thereAgain(List<Entry> newestFirst, int undone, DataState last) {
    DataState current = last;
    Set<String> gone = new HashSet<>();
    newestFirst.forEach(each -> each.script().ifPresent(script -> gone.add(script.script())));
    runs.beginAgain(gone);
    for (int at = undone - 1; at >= 0; at--) {
      Entry entry = newestFirst.get(at);
      if (entry.script().isEmpty()) {
        entry.found(
            Verdict.NOT_REHEARSED,
            "there is no script of it on disk, so it could not be applied again to compare");
        leave(newestFirst.subList(0, at), entry);
        return;
      }
      StepOnData step = runs.up(entry);
      if (step.failure() != null) {
        entry.found(Verdict.FAILED, "it cannot be applied again: " + step.failure().message());
        leave(newestFirst.subList(0, at), entry);
        return;
      }
      DataState before = current;
      current = ground.after(before, MigrationRuns.written(step));
      comparison.tellShared(entry, states.get(at), states.get(at + 1), before, current);
      comparison.tell(entry, comparison.compare(entry, states.get(at), current));
      entry.proven();
    }
  }

  private static void leave(List<Entry> rest, Entry because) {
    rest.forEach(
        entry ->
            entry.found(
                Verdict.NOT_REHEARSED,
                because.migration().name() + " could not be applied again before it"));
  }
}
