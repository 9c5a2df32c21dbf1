package dev.belay.gradual;

import dev.belay.core.Failure;
import dev.belay.schema.AppSchema;
import dev.belay.schema.FoundDifference;
import dev.belay.schema.SchemaRequest;
import dev.belay.schema.ValidateSchema;
import dev.belay.scratch.ReplayedSchema;
import dev.belay.swap.GuardedRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the live schema is the one that the migrations which are left give. Reads only. */
final class GradualVerification {
  private final GuardedRun run;
  private final String app;
  private final List<Path> jars;

  GradualVerification(GuardedRun run, String app, List<Path> jars) {
    this.run = run;
    this.app = app;
    this.jars = List.copyOf(jars);
  }

  /**
   * What was found.
   *
   * @param problems what is not as it should be, each as a line, and what could not be looked at
   * @param notes what is so, and is nothing to do about
   */
  record Found(List<String> problems, List<String> notes) {}

  /**
   * In what the schema is not what its migrations give now, with a word for it; nothing where that
   * cannot be found out.
   */
  Map<FoundDifference, String> before() {
    try {
      return differences();
    } catch (Failure unknown) {
      run.progress().detail("the schema could not be looked at before: " + unknown.message());
      return Map.of();
    }
  }

  /** Looks after the switch. */
  Found after(Map<FoundDifference, String> before) {
    List<String> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    try {
      differences()
          .forEach(
              (difference, word) -> {
                String what = word + ": " + difference.object();
                if (difference.isColumnOrderOnly()) {
                  notes.add(
                      "the columns of %s are in another order than before, which matters to SELECT * and INSERT without names"
                          .formatted(difference.object()));
                } else if (word.equals(before.get(difference))) {
                  notes.add("the schema differed before the switch already: " + what);
                } else {
                  problems.add("the schema is not what the migrations that are left give: " + what);
                }
              });
    } catch (Failure failure) {
      problems.add("the schema could not be looked at: " + failure.message());
    }
    return new Found(problems, notes);
  }

  private Map<FoundDifference, String> differences() {
    Map<FoundDifference, String> found = new LinkedHashMap<>();
    SchemaRequest request =
        new SchemaRequest(
            Optional.of(app), false, false, false, false, List.of(), jars, false, Optional.empty());
    for (AppSchema schema :
        new ValidateSchema(run.databases(), new ReplayedSchema())
            .run(run.settings(), request, run.progress())
            .apps()) {
      schema.missing().forEach(each -> found.put(each, "missing"));
      schema.orphaned().forEach(each -> found.put(each, "orphaned"));
      schema.different().forEach(each -> found.put(each, "different"));
    }
    return found;
  }
}
