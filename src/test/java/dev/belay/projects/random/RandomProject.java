package dev.belay.projects.random;

import dev.belay.projects.Project;
import dev.belay.projects.random.History.Migration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A migration project made at random that works, and of which it is known which migration truly
 * needs which: M needs N when M, had the file of N never been there, would fail or would do
 * something else (other objects, or another number of rows). Known from a model of the database,
 * not from the database; a test proves the model. The same seed makes the same project.
 */
public final class RandomProject {
  private static final int MOST_TRIES = 60;

  private final Path folder;
  private final List<Migration> migrations;
  private final Map<String, Set<String>> dependents = new LinkedHashMap<>();

  private RandomProject(Path folder, List<Migration> migrations) {
    this.folder = folder;
    this.migrations = migrations;
    Map<String, @Nullable List<String>> whole = History.outcomes(migrations);
    for (Migration removed : migrations) {
      List<Migration> rest = new ArrayList<>(migrations);
      rest.remove(removed);
      Set<String> needing = new TreeSet<>();
      History.outcomes(rest)
          .forEach(
              (id, outcome) -> {
                if (!Objects.equals(outcome, whole.get(id))) {
                  needing.add(id);
                }
              });
      dependents.put(removed.id(), needing);
    }
  }

  /** Makes the project of that seed in a folder, with {@code flyway.conf}. */
  public static RandomProject write(long seed, Path folder) throws IOException {
    Random random = new Random(seed);
    StepChoice choice = new StepChoice(random);
    History history = new History();
    List<Migration> migrations = new ArrayList<>();
    int wanted = 10 + random.nextInt(31);
    while (migrations.size() < wanted) {
      add(history, migrations, "V" + (migrations.size() + 1), choice, random.nextInt(5) / 3 + 1);
    }
    int repeatables = random.nextInt(4);
    for (int number = 1; number <= repeatables; number++) {
      Step view = Objects.requireNonNull(choice.nextView(history.world()));
      Migration migration = new Migration("R__" + number + "0_view", List.of(view));
      if (history.apply(migration) != null) {
        migrations.add(migration);
      }
    }
    RandomProject project = new RandomProject(folder, List.copyOf(migrations));
    project.writeFiles();
    return project;
  }

  private static void add(
      History history, List<Migration> migrations, String id, StepChoice choice, int size) {
    List<Step> steps = new ArrayList<>();
    for (int trial = 0; trial < MOST_TRIES && steps.size() < size; trial++) {
      Step step = choice.next(history.world());
      if (step == null) {
        continue;
      }
      Migration migration = new Migration(id, List.of(step));
      if (step.needsNoTransaction()) {
        if (steps.isEmpty() && history.apply(migration) != null) {
          steps.add(step);
          break;
        }
      } else if (history.apply(migration) != null) {
        steps.add(step);
      }
    }
    migrations.add(new Migration(id, List.copyOf(steps)));
  }

  private void writeFiles() throws IOException {
    Path scripts = Files.createDirectories(folder.resolve("db/migration"));
    Files.writeString(
        folder.resolve("flyway.conf"),
        """
        flyway.schemas=public
        flyway.locations=filesystem:db/migration
        flyway.postgresql.transactional.lock=false
        """);
    for (Migration migration : migrations) {
      StringBuilder text = new StringBuilder();
      if (migration.needsNoTransaction()) {
        text.append("-- expect: no transaction\n");
      }
      migration.steps().forEach(step -> text.append(step.sql()).append(";\n"));
      String name =
          migration.id().startsWith("R__") ? migration.id() : migration.id() + "__at_random";
      Files.writeString(scripts.resolve(name + ".sql"), text);
    }
  }

  /** The project as any other. */
  public Project project() throws IOException {
    return Project.in(folder);
  }

  /** The ids of all migrations in their order: {@code V1} and so on, then {@code R__10_view}. */
  public List<String> migrations() {
    return migrations.stream().map(Migration::id).toList();
  }

  /** Those that need the given one, directly or because of others. */
  public Set<String> dependentsOf(String id) {
    return Objects.requireNonNull(dependents.get(id), id);
  }

  /** Those that the given one needs, directly or because of others. */
  public Set<String> dependenciesOf(String id) {
    Set<String> needed = new TreeSet<>();
    dependents.forEach(
        (other, needing) -> {
          if (needing.contains(id)) {
            needed.add(other);
          }
        });
    return needed;
  }

  /** Those that the given one needs for no other that it needs: its nearest dependencies. */
  public Set<String> nearestDependenciesOf(String id) {
    Set<String> nearest = dependenciesOf(id);
    for (String other : dependenciesOf(id)) {
      nearest.removeAll(dependenciesOf(other));
    }
    return nearest;
  }

  /**
   * Those that cannot be left out with the given one: they need it, or need one that needs it. More
   * than {@link #dependentsOf} where one in between does something else, but still what the last
   * one is after.
   */
  public Set<String> reachedFrom(String id) {
    Set<String> reached = new TreeSet<>(dependentsOf(id));
    List<String> open = new ArrayList<>(reached);
    while (!open.isEmpty()) {
      for (String next : dependentsOf(open.remove(open.size() - 1))) {
        if (reached.add(next)) {
          open.add(next);
        }
      }
    }
    return reached;
  }

  @Override
  public String toString() {
    return folder.getFileName() + " " + dependents;
  }
}
