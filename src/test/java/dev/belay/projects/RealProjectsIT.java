package dev.belay.projects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.flyway.RealFlyway;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the projects of the tests say of themselves is the truth. */
class RealProjectsIT {
  /** Every how many migrations one is taken away; 1 takes about a minute. */
  private static final int REMOVALS_EVERY = Integer.getInteger("belay.removals.every", 17);

  private Target target = TestServer.admin();

  @BeforeEach
  void create() {
    target = TestServer.fresh("projects");
  }

  @AfterEach
  void drop() {
    TestServer.drop(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {"clinic60", "mixed"})
  void everyMigrationDoesExactlyWhatItSays(String name) {
    Project project = Project.named(name);

    EffectRecorder recorder = migrate(project);

    assertThat(lines(recorder.measured())).isEqualTo(lines(expected(project)));
    assertThat(recorder.measured().keySet())
        .containsExactlyElementsOf(project.scripts().stream().map(ProjectScript::id).toList());
  }

  @Test
  void migrationsMergedLateDoTheSameAfterAllOthers(@TempDir Path temporary) throws IOException {
    Project project = Project.named("clinic60");
    Set<String> late = new TreeSet<>();
    project.scripts().stream()
        .filter(script -> script.expectations().contains("merged late"))
        .forEach(script -> late.add(script.id()));
    Project earlier = Project.in(copyWithout(project, late, temporary.resolve("earlier")));
    migrate(earlier);

    EffectRecorder recorder = migrate(project);

    assertThat(late).hasSizeGreaterThan(1);
    assertThat(recorder.measured().keySet()).containsExactlyElementsOf(late);
    late.forEach(
        id -> assertThat(recorder.measured().get(id)).as(id).isEqualTo(expected(project).get(id)));
  }

  @Test
  void undoScriptsBringTheSchemaBackUnlessTheyAreSaidToBeWrong() throws IOException {
    Project project = Project.named("clinic60");

    Map<String, String> undone = migrate(project).undone();

    Map<String, String> wrong = project.wrongUndos();
    assertThat(undone).hasSizeGreaterThan(25).containsKeys(wrong.keySet().toArray(String[]::new));
    undone.forEach(
        (id, result) ->
            assertThat(result).as("undo of " + id).startsWith(wrong.getOrDefault(id, "restores")));
  }

  @Test
  void aMigrationNeedsExactlyThoseWithoutWhichItGoesWrong() throws SQLException {
    Project project = Project.named("clinic60");
    Set<String> removed = new HashSet<>();
    for (int position = 0; position < project.scripts().size(); position += REMOVALS_EVERY) {
      removed.add(project.scripts().get(position).id());
    }

    Map<String, Set<String>> measured;
    try (Removal removal = new Removal(project)) {
      measured = removal.dependents(removed);
    }

    Map<String, Set<String>> said = new TreeMap<>();
    for (String id : removed) {
      said.put(id, new TreeSet<>());
      project.scripts().stream()
          .filter(script -> script.needs().contains(id))
          .forEach(script -> said.get(id).add(script.id()));
    }
    assertThat(measured).isEqualTo(said);
  }

  private EffectRecorder migrate(Project project) {
    Flyway flyway = RealFlyway.of(target, project.app(), true);
    EffectRecorder recorder =
        new EffectRecorder(flyway.getConfiguration().getDataSource(), project);
    Flyway.configure()
        .configuration(flyway.getConfiguration())
        .callbacks(recorder)
        .load()
        .migrate();
    return recorder;
  }

  private static Map<String, Set<String>> expected(Project project) {
    Map<String, Set<String>> expected = new TreeMap<>();
    for (ProjectScript script : project.scripts()) {
      Set<String> lines = new TreeSet<>(script.expectations());
      lines.removeIf(line -> line.startsWith("needs ") || line.equals("merged late"));
      expected.put(script.id(), lines);
    }
    return expected;
  }

  /** One list, so that a failure shows all lines that differ and no others. */
  private static List<String> lines(Map<String, Set<String>> effects) {
    List<String> lines = new ArrayList<>();
    new TreeMap<>(effects)
        .forEach((id, effect) -> effect.forEach(line -> lines.add(id + " " + line)));
    return lines;
  }

  private static Path copyWithout(Project project, Set<String> left, Path folder)
      throws IOException {
    Set<Path> without = new HashSet<>();
    left.forEach(id -> without.add(project.script(id).file()));
    try (Stream<Path> files = Files.walk(project.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!without.contains(file)) {
          Path copy = folder.resolve(project.folder().relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    return folder;
  }
}
