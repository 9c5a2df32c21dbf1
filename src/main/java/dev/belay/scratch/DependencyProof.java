package dev.belay.scratch;

import dev.belay.scratch.Dependency.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out for one migration what it really needs and what really needs it, by replaying without
 * it, and without what it may not need.
 */
public final class DependencyProof {
  /** Each costs a replay. */
  private static final int MOST_SINGLE_TRIES = 24;

  private final ScratchReplay replay;
  private final ReplayPlan plan;
  private final Recording recording;
  private final DependencyGraph graph;

  /** For the migrations of a plan. */
  public DependencyProof(
      ScratchReplay replay, ReplayPlan plan, Recording recording, DependencyGraph graph) {
    this.replay = replay;
    this.plan = plan;
    this.recording = recording;
    this.graph = graph;
  }

  /**
   * What was found.
   *
   * @param scripts in the order of replay
   * @param reasons those among them that only the replay showed
   * @param open what was not decided, because it would have taken too many replays
   */
  public record Finding(List<String> scripts, List<Dependency> reasons, List<String> open) {}

  /** All that a migration needs, whether directly or not. */
  public Finding needed(String script) {
    Set<String> sure = new LinkedHashSet<>(graph.needed(script));
    if (sameWith(script, sure)) {
      return finding(script, sure, sure, List.of());
    }
    Set<String> kept = new LinkedHashSet<>(sure);
    kept.addAll(graph.perhapsNeeded(script));
    if (!sameWith(script, kept)) {
      kept.addAll(before(script));
    }
    List<String> doubtful = new ArrayList<>(kept);
    doubtful.removeAll(sure);
    Collections.reverse(doubtful);
    if (doubtful.size() > MOST_SINGLE_TRIES) {
      return finding(script, sure, sure, inOrder(doubtful));
    }
    for (String each : doubtful) {
      if (!kept.contains(each)) {
        continue;
      }
      Set<String> without = new LinkedHashSet<>(kept);
      without.remove(each);
      without.removeAll(graph.needing(each));
      if (without.containsAll(sure) && sameWith(script, without)) {
        kept.retainAll(without);
      }
    }
    return finding(script, sure, kept, List.of());
  }

  private Finding finding(String script, Set<String> sure, Set<String> all, List<String> open) {
    List<Dependency> reasons = new ArrayList<>();
    for (String each : inOrder(all)) {
      if (!sure.contains(each)) {
        reasons.add(
            new Dependency(
                script, each, Kind.PROVEN, "fails, or does something else, without it", true));
      }
    }
    return new Finding(inOrder(all), reasons, open);
  }

  /** All that need a migration, whether directly or not. */
  public Finding needing(String script) {
    Set<String> sure = new LinkedHashSet<>(graph.needing(script));
    Set<String> others = new HashSet<>(scripts());
    others.remove(script);
    others.removeAll(sure);
    Ablation without = replay.only(plan, recording, others);
    Set<String> all = new LinkedHashSet<>(sure);
    List<Dependency> reasons = new ArrayList<>();
    for (String different : without.different(recording.all())) {
      if (all.add(different)) {
        String why =
            Optional.ofNullable(without.failed().get(different))
                .orElse("does something else without it");
        reasons.add(new Dependency(different, script, Kind.PROVEN, why, true));
      }
    }
    return new Finding(inOrder(all), reasons, List.of());
  }

  private boolean sameWith(String script, Set<String> others) {
    Set<String> tried = new HashSet<>(others);
    tried.add(script);
    Ablation outcome = replay.only(plan, recording, tried);
    return recording.all().stream()
        .filter(migration -> migration.script().equals(script))
        .allMatch(outcome::isSame);
  }

  private List<String> scripts() {
    return recording.all().stream().map(RecordedMigration::script).toList();
  }

  private List<String> before(String script) {
    List<String> all = scripts();
    return all.subList(0, Math.max(0, all.indexOf(script)));
  }

  private List<String> inOrder(Collection<String> some) {
    return scripts().stream().filter(some::contains).toList();
  }
}
