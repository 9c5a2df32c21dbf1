package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.flyway.AppState;
import dev.belay.postgres.Database;
import dev.belay.projects.random.RandomProject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The verdict on projects of which the true dependencies are known. */
class RandomReplayIT {
  @TempDir Path folder;

  static LongStream seeds() {
    long first = Long.getLong("belay.seed", 11);
    return LongStream.range(first, first + Integer.getInteger("belay.projects", 2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theVerdictIsRight(long seed) throws IOException {
    RandomProject project = RandomProject.write(seed, folder);
    List<String> wrong = new ArrayList<>();
    try (ReplayRig rig = new ReplayRig(folder);
        Database live = rig.open();
        ScratchReplay replay =
            ScratchReplay.open(rig.settings(), live, List.of(), ReplayRig.progress())) {
      ReplayPlan plan = ReplayPlan.of(AppState.read(live, rig.app()), ReplayPlan.Reach.EVERYTHING);
      Recording recording = replay.recording(plan);
      Map<String, String> scripts = new TreeMap<>();
      recording.all().forEach(each -> scripts.put(id(each.script()), each.script()));
      assertThat(scripts.keySet()).containsExactlyInAnyOrderElementsOf(project.migrations());
      DependencyGraph graph = DependencyGraph.of(recording, List.of());
      DependencyProof proof = new DependencyProof(replay, plan, recording, graph);
      // Each verdict takes some replays; -Dbelay.verdicts.every=1 asks for all of them.
      int every = Integer.getInteger("belay.verdicts.every", 5);
      for (int at = (int) (seed % every); at < project.migrations().size(); at += every) {
        String id = project.migrations().get(at);
        String script = Objects.requireNonNull(scripts.get(id));
        Set<String> needing = ids(proof.needing(script).scripts());
        compare(
            wrong,
            id + " is needed by",
            needing,
            project.dependentsOf(id),
            project.reachedFrom(id));
        Set<String> needed = ids(proof.needed(script).scripts());
        compare(wrong, id + " needs", needed, project.dependenciesOf(id), closure(project, id));
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** All that is true must be said, and nothing beyond what follows from it. */
  private static void compare(
      List<String> wrong, String what, Set<String> said, Set<String> truly, Set<String> reached) {
    Set<String> missing = new TreeSet<>(truly);
    missing.removeAll(said);
    Set<String> more = new TreeSet<>(said);
    more.removeAll(reached);
    more.removeAll(truly);
    if (!missing.isEmpty() || !more.isEmpty()) {
      wrong.add("%s: not said %s, wrongly said %s".formatted(what, missing, more));
    }
  }

  private static Set<String> closure(RandomProject project, String id) {
    return project.migrations().stream()
        .filter(other -> project.reachedFrom(other).contains(id))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> ids(List<String> scripts) {
    return scripts.stream().map(RandomReplayIT::id).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String id(String script) {
    String name = script.substring(0, script.length() - 4);
    return name.startsWith("R__") ? name : name.substring(0, name.indexOf("__"));
  }
}
