package dev.belay.integrity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What one session does in one go: a check, on some relations or on everything.
 *
 * @param relations empty: everything
 */
record CheckTask(Tally tally, List<Relation> relations) {
  /** Small tables are looked at together: a query for each would cost more than its rows. */
  private static final long BYTES_TOGETHER = 8 << 20;

  private static final int MOST_TOGETHER = 50;

  Check check() {
    return tally.check();
  }

  /** The numbers of the relations, as {@code belay.relations} has them. */
  String numbers() {
    return relations.stream()
        .map(relation -> String.valueOf(relation.number()))
        .collect(Collectors.joining(","));
  }

  long bytes() {
    return relations.stream().mapToLong(Relation::bytes).sum();
  }

  /** One for each of the relations. */
  List<CheckTask> single() {
    return relations.stream().map(relation -> new CheckTask(tally, List.of(relation))).toList();
  }

  /**
   * A check in tasks, the biggest first.
   *
   * @param together whether small relations share one
   */
  static List<CheckTask> of(Tally tally, List<Relation> all, boolean together) {
    Reach reach = tally.check().reach();
    if (reach == Reach.WHOLE) {
      return List.of(new CheckTask(tally, List.of()));
    }
    List<CheckTask> tasks = new ArrayList<>();
    List<Relation> batch = new ArrayList<>();
    long bytes = 0;
    for (Relation relation :
        all.stream()
            .filter(each -> each.view() == (reach == Reach.VIEWS))
            .sorted(Comparator.comparingLong(Relation::bytes).reversed())
            .toList()) {
      // Views are looked at one by one: the error of one is its own finding.
      boolean full =
          !together
              || reach == Reach.VIEWS
              || bytes + relation.bytes() > BYTES_TOGETHER
              || batch.size() >= MOST_TOGETHER;
      if (full && !batch.isEmpty()) {
        tasks.add(new CheckTask(tally, List.copyOf(batch)));
        batch.clear();
        bytes = 0;
      }
      batch.add(relation);
      bytes += relation.bytes();
    }
    if (!batch.isEmpty()) {
      tasks.add(new CheckTask(tally, List.copyOf(batch)));
    }
    return tasks;
  }
}
