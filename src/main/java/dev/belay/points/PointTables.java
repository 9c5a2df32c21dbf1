package dev.belay.points;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.export.Bookkeeping;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Which tables a point has. What says what was migrated is never one of them. */
public final class PointTables {
  private PointTables() {}

  /**
   * Those that the patterns mean.
   *
   * @param live what is there
   * @throws Failure USAGE when a pattern means none, or only the bookkeeping of migrations
   */
  public static List<TableName> of(
      List<String> patterns, List<TableName> live, List<AppSettings> apps) {
    if (patterns.isEmpty()) {
      throw Failure.usage(
          "a rollback point needs to know its tables",
          "name them: belay rollback-point create --table schema.table");
    }
    Set<TableName> chosen = new TreeSet<>();
    for (String text : patterns) {
      TablePattern pattern = TablePattern.of(text);
      List<TableName> meant = new ArrayList<>();
      // A name that holds a star or a question mark is meant by itself.
      live.stream().filter(name -> name.plain().equals(text)).forEach(meant::add);
      if (meant.isEmpty()) {
        live.stream().filter(pattern::matches).forEach(meant::add);
      }
      if (meant.isEmpty()) {
        throw pattern.meansNone();
      }
      boolean only = meant.removeIf(name -> Bookkeeping.is(name, apps));
      if (meant.isEmpty() && only) {
        throw Failure.usage(
            "'%s' means only the bookkeeping of migrations, which must not go back without the schema"
                .formatted(text),
            "name tables with data");
      }
      chosen.addAll(meant);
    }
    return List.copyOf(chosen);
  }
}
