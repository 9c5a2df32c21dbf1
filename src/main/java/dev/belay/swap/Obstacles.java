package dev.belay.swap;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;

/** Looks for everything that is in the way of a swap, all at once, before anything is done. */
public final class Obstacles {
  private Obstacles() {}

  /**
   * Those of putting another database in the place of {@code live}.
   *
   * @param maintenance a session with the maintenance database
   */
  public static List<Obstacle> find(Database maintenance, String live) {
    List<Obstacle> found = new ArrayList<>();
    if (maintenance.target().database().equals(live)) {
      found.add(
          new Obstacle(
              live
                  + " is the maintenance database itself, and a session's own database cannot be"
                  + " renamed",
              "configure another: --set maintenanceDatabase=template1",
              true));
    }
    found.addAll(ObstacleQueries.rights(maintenance, live));
    found.addAll(ObstacleQueries.preparedTransactions(maintenance, live));
    found.addAll(ObstacleQueries.replicationSlots(maintenance, live));
    found.addAll(ObstacleQueries.subscriptions(maintenance, live));
    found.addAll(ObstacleQueries.sessions(maintenance, live));
    return found;
  }

  /**
   * Those of giving a new database what belongs to {@code live} itself, as far as rights go.
   *
   * @param maintenance a session with the maintenance database
   */
  public static List<Obstacle> ofLikeness(Database maintenance, String live) {
    List<Obstacle> found = new ArrayList<>(ObstacleQueries.settings(maintenance, live));
    found.addAll(ObstacleQueries.tablespace(maintenance, live));
    return found;
  }

  /**
   * Refuses when one of them makes the swap impossible; the message names them all.
   *
   * @throws Failure REFUSED
   */
  public static void refuse(List<Obstacle> found, String live) {
    List<Obstacle> blocking = found.stream().filter(Obstacle::blocking).toList();
    if (!blocking.isEmpty()) {
      throw Failure.refused(
          "%s cannot be swapped: %s"
              .formatted(live, String.join("; ", blocking.stream().map(Obstacle::what).toList())),
          String.join("; ", blocking.stream().map(Obstacle::remedy).distinct().toList()));
    }
  }
}
