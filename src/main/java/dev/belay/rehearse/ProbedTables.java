package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.flyway.HistoryLock;
import dev.belay.postgres.Database;
import dev.belay.scratch.RecordedMigration;
import dev.belay.scratch.Recording;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tables with which the probe works: those that the migrations lock, by a replay without data;
 * else the largest.
 */
final class ProbedTables {
  private ProbedTables() {}

  /**
   * Works it out.
   *
   * @param applied so many applied migrations are meant; 0: the pending ones
   * @param notes is told what is not known, and what is left out
   */
  static List<TableName> of(RehearsalGround ground, int applied, List<String> notes) {
    Map<String, TableName> names;
    List<TableName> largest;
    TableName history = HistoryLock.table(ground.plan().app());
    try (Database session = ground.databases().open(ground.copy().target())) {
      names = ProbeQueries.names(session);
      largest =
          ProbeQueries.largest(session, Probe.MOST_TABLES + 1).stream()
              .filter(table -> !table.equals(history))
              .toList();
    }
    names.values().removeIf(history::equals);
    Set<TableName> touched = new LinkedHashSet<>();
    try {
      Recording recording = ground.replay().recording(ground.plan());
      List<RecordedMigration> some =
          applied > 0
              ? recording
                  .applied()
                  .subList(
                      Math.max(0, recording.applied().size() - applied), recording.applied().size())
              : recording.pending();
      for (RecordedMigration each : some) {
        each.locks()
            .forEach(
                lock ->
                    Optional.ofNullable(names.get(lock.relation().identity()))
                        .ifPresent(touched::add));
      }
    } catch (Failure cannot) {
      notes.add(
          "which tables the migrations touch is not known, so the largest are probed: "
              + cannot.message());
    }
    if (touched.size() > Probe.MOST_TABLES) {
      notes.add(
          "%d tables are touched, of which %d are probed"
              .formatted(touched.size(), Probe.MOST_TABLES));
    }
    return (touched.isEmpty() ? largest : touched.stream().toList())
        .stream().limit(Probe.MOST_TABLES).toList();
  }
}
