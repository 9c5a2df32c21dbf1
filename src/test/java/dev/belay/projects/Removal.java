package dev.belay.projects;

import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.support.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds out by trying what needs a migration: its file is taken away, the others are run, and
 * whatever then fails or does something else needs it.
 */
final class Removal implements AutoCloseable {
  private final Project project;
  private final Target base = TestServer.fresh("removal base");
  private final Target trial = base.withDatabase(base.database() + " trial");

  Removal(Project project) {
    this.project = project;
  }

  /** For each migration those that need it, by their ids. */
  Map<String, Set<String>> dependents() throws SQLException {
    return dependents(
        project.scripts().stream().map(ProjectScript::id).collect(Collectors.toSet()));
  }

  /**
   * The same for some migrations only.
   *
   * @throws IllegalStateException when one fails although all others are there
   */
  Map<String, Set<String>> dependents(Set<String> ids) throws SQLException {
    List<ProjectScript> scripts = project.scripts();
    Map<String, Outcome> whole = new LinkedHashMap<>();
    Map<String, Map<String, Outcome>> without = new LinkedHashMap<>();
    for (int position = 0; position < scripts.size(); position++) {
      ProjectScript removed = scripts.get(position);
      if (ids.contains(removed.id())) {
        without.put(removed.id(), run(scripts.subList(position + 1, scripts.size())));
      }
      try (PlainReplay replay = new PlainReplay(base, project)) {
        Outcome outcome = replay.run(removed);
        if (outcome.failed()) {
          throw new IllegalStateException(removed + " fails although nothing is missing");
        }
        whole.put(removed.id(), outcome);
      }
    }
    Map<String, Set<String>> dependents = new TreeMap<>();
    without.forEach(
        (removed, outcomes) -> {
          Set<String> needing = new TreeSet<>();
          outcomes.forEach(
              (id, outcome) -> {
                if (!outcome.equals(whole.get(id))) {
                  needing.add(id);
                }
              });
          dependents.put(removed, needing);
        });
    return dependents;
  }

  private Map<String, Outcome> run(List<ProjectScript> rest) throws SQLException {
    if (rest.isEmpty()) {
      return Map.of();
    }
    try (Connection admin = Sessions.open(TestServer.admin());
        Statement statement = admin.createStatement()) {
      statement.execute(
          "create database %s template %s"
              .formatted(new Identifier(trial.database()), new Identifier(base.database())));
    }
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    try (PlainReplay replay = new PlainReplay(trial, project)) {
      for (ProjectScript script : rest) {
        outcomes.put(script.id(), replay.run(script));
      }
    } finally {
      TestServer.drop(trial);
    }
    return outcomes;
  }

  @Override
  public void close() {
    TestServer.drop(base);
  }
}
