package dev.belay.restore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which migrations a restored database has and lacks, and what the next start will therefore do.
 */
final class MigrationOutlook {
  private static final int SHOWN = 5;

  private MigrationOutlook() {}

  /**
   * Lines for plan and report.
   *
   * @param backup by app, the scripts in force in the backup, in the order of their application
   */
  static List<String> lines(Map<String, List<String>> backup, List<MigrationsNow.App> now) {
    List<String> lines = new ArrayList<>();
    for (MigrationsNow.App app : now) {
      lines.addAll(of(app, backup.getOrDefault(app.name(), List.of())));
    }
    return lines;
  }

  private static List<String> of(MigrationsNow.App app, List<String> had) {
    List<String> lines = new ArrayList<>();
    String prefix = "app " + app.name() + ": ";
    lines.add(
        prefix
            + (had.isEmpty()
                ? "the backup has no migration"
                : "the backup is at " + had.get(had.size() - 1)));
    List<String> lacks = without(app.inForce(), had);
    if (!lacks.isEmpty()) {
      lines.add(prefix + "it lacks what is applied now: " + names(lacks));
    }
    List<String> undone = without(had, app.inForce());
    if (!undone.isEmpty() && !app.inForce().isEmpty()) {
      lines.add(prefix + "it has what is not in force now: " + names(undone));
    }
    if (app.onDisk().isEmpty()) {
      if (!lacks.isEmpty()) {
        lines.add(
            prefix + "the next start of an application that has their files applies them again");
      }
      return lines;
    }
    List<String> disk = app.onDisk().get();
    List<String> pending = without(disk, had);
    lines.add(
        prefix
            + (pending.isEmpty()
                ? "the next start applies nothing"
                : "the next start with these files applies "
                    + names(pending)
                    + (lacks.stream().anyMatch(pending::contains)
                        ? ": take the one that did the damage away first"
                        : "")));
    List<String> missing = without(had, disk);
    if (!missing.isEmpty()) {
      lines.add(prefix + "the backup has migrations without a file here: " + names(missing));
    }
    return lines;
  }

  private static List<String> without(List<String> all, List<String> others) {
    return all.stream().filter(one -> !others.contains(one)).toList();
  }

  private static String names(List<String> scripts) {
    String shown = String.join(", ", scripts.subList(0, Math.min(SHOWN, scripts.size())));
    return scripts.size() > SHOWN ? shown + " and " + (scripts.size() - SHOWN) + " more" : shown;
  }
}
