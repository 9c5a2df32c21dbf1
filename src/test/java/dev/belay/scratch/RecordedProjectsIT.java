package dev.belay.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.flyway.AppState;
import dev.belay.flyway.RealFlyway;
import dev.belay.postgres.Database;
import dev.belay.projects.Project;
import dev.belay.projects.ProjectScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording of a project like the wild says what is known of it. */
class RecordedProjectsIT {
  /** Every how many migrations the verdict is held against the truth; 1 takes minutes. */
  private static final int VERDICTS_EVERY = Integer.getInteger("belay.verdicts.every", 9);

  @TempDir Path folder;
  private ReplayRig rig;
  private Project project;

  @BeforeEach
  void copyProject() throws IOException {
    rig = new ReplayRig(folder);
    project = Project.named("clinic60");
    copy(project.folder(), folder, Set.of());
    project = Project.in(folder);
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void everyMigrationIsRecordedAsItIs() {
    Recording recording = rig.recording(ReplayPlan.Reach.NEXT_MIGRATE);

    assertThat(recording.pending()).hasSameSizeAs(project.scripts());
    assertThat(differences(recording.all())).isEmpty();
  }

  @Test
  void whatWasAppliedInAnotherOrderIsReplayedInThatOrder() throws IOException {
    Set<String> late = new TreeSet<>();
    for (ProjectScript script : project.scripts()) {
      if (script.expectations().contains("merged late")) {
        late.add(script.file().getFileName().toString());
      }
    }
    Path earlier = folder.resolve("earlier");
    copy(Project.named("clinic60").folder(), earlier, late);
    RealFlyway.of(rig.live(), Project.in(earlier).app(), true).migrate();
    RealFlyway.of(rig.live(), project.app(), true).migrate();

    Recording recording = rig.recording(ReplayPlan.Reach.NEXT_MIGRATE);

    assertThat(late).hasSizeGreaterThan(1);
    assertThat(recording.pending()).isEmpty();
    assertThat(recording.applied()).hasSameSizeAs(project.scripts());
    List<String> versioned =
        recording.applied().stream()
            .filter(migration -> migration.version() != null)
            .map(migration -> Path.of(migration.script()).getFileName().toString())
            .toList();
    assertThat(versioned.subList(versioned.size() - late.size(), versioned.size()))
        .containsExactlyElementsOf(late);
    assertThat(differences(recording.all())).isEmpty();
  }

  @Test
  void theVerdictSaysAllThatNeedAMigrationAndNothingThatDoesNotFollow() {
    List<String> wrong = new ArrayList<>();
    try (Database live = rig.open();
        ScratchReplay replay =
            ScratchReplay.open(rig.settings(), live, List.of(), ReplayRig.progress())) {
      ReplayPlan plan = ReplayPlan.of(AppState.read(live, rig.app()), ReplayPlan.Reach.EVERYTHING);
      Recording recording = replay.recording(plan);
      DependencyGraph graph = DependencyGraph.of(recording, List.of());
      DependencyProof proof = new DependencyProof(replay, plan, recording, graph);
      for (int at = VERDICTS_EVERY / 2; at < recording.all().size(); at += VERDICTS_EVERY) {
        RecordedMigration migration = recording.all().get(at);
        Set<String> said = new TreeSet<>();
        proof.needing(migration.script()).scripts().forEach(each -> said.add(id(each)));
        compare(wrong, id(migration), said);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private void compare(List<String> wrong, String id, Set<String> said) {
    Set<String> missing = new TreeSet<>(needing(id));
    missing.removeAll(said);
    Set<String> more = new TreeSet<>(said);
    more.removeAll(reachedFrom(id));
    if (!missing.isEmpty() || !more.isEmpty()) {
      wrong.add("%s: not said %s, wrongly said %s".formatted(id, missing, more));
    }
  }

  private Set<String> needing(String id) {
    return project.scripts().stream()
        .filter(script -> script.needs().contains(id))
        .map(ProjectScript::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> reachedFrom(String id) {
    Set<String> reached = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(id));
    while (!open.isEmpty()) {
      needing(open.remove()).stream().filter(reached::add).forEach(open::add);
    }
    return reached;
  }

  private List<String> differences(List<RecordedMigration> recorded) {
    List<String> differences = new ArrayList<>();
    for (RecordedMigration migration : recorded) {
      ProjectScript script = project.script(id(migration));
      Set<String> expected = ExpectedLines.of(script);
      Set<String> found = RecordedLines.of(migration);
      expected.stream()
          .filter(line -> !found.contains(line))
          .forEach(line -> differences.add(script.id() + " misses: " + line));
      found.stream()
          .filter(line -> !expected.contains(line))
          .forEach(line -> differences.add(script.id() + " has more: " + line));
    }
    return differences;
  }

  private static String id(RecordedMigration migration) {
    return id(migration.script());
  }

  private static String id(String script) {
    String name = Path.of(script).getFileName().toString().replace(".sql", "");
    return name.startsWith("R__") ? name : name.substring(0, name.indexOf("__"));
  }

  private static void copy(Path from, Path to, Set<String> without) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!without.contains(file.getFileName().toString())) {
          Path copy = to.resolve(from.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
  }
}
