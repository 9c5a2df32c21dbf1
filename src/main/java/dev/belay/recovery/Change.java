package dev.belay.recovery;

import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a database differs from what it was, in words.
 *
 * @param apps those whose Flyway's tables say something else
 * @param applied migrations that are in force now and were not before
 * @param failed migrations that are recorded as failed now
 * @param schema objects that came, went or changed
 */
public record Change(
    Set<String> apps, List<String> applied, List<String> failed, List<String> schema) {
  public Change {
    apps = Set.copyOf(apps);
    applied = List.copyOf(applied);
    failed = List.copyOf(failed);
    schema = List.copyOf(schema);
  }

  /** Looks. */
  public static Change since(GuardedRun run, Database session, Before before) {
    Left now = Left.look(run, session, before);
    Set<String> apps = new TreeSet<>();
    List<String> applied = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    for (Left.App app : now.apps()) {
      String name = app.history().app();
      if (!app.applied().isEmpty()) {
        apps.add(name);
      }
      app.applied().forEach(row -> applied.add("%s of %s".formatted(row.script(), name)));
      app.failed().forEach(row -> failed.add("%s of %s".formatted(row.script(), name)));
    }
    return new Change(apps, applied, failed, now.schema());
  }
}
