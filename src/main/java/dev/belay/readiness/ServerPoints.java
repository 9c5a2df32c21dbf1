package dev.belay.readiness;

import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.Obstacle;
import dev.belay.swap.Obstacles;
import java.util.List;

/** Whether the server is one that can be gone back on, and by which strategy. */
final class ServerPoints {
  private ServerPoints() {}

  static Point server(Look look) {
    ServerInfo server = ServerInfo.of(look.database());
    String value =
        "PostgreSQL " + server.version() + (server.inRecovery() ? ", a standby" : ", a primary");
    String limit = "a primary of PostgreSQL %d or newer".formatted(ServerInfo.OLDEST_MAJOR);
    if (server.inRecovery()) {
      return Point.failed(
          Topic.SERVER,
          value,
          limit,
          List.of("nothing can be restored or undone on a standby"),
          "name the primary with --url");
    }
    if (server.major() < ServerInfo.OLDEST_MAJOR) {
      return Point.failed(Topic.SERVER, value, limit, List.of(), "upgrade the server");
    }
    return Point.passed(Topic.SERVER, value, limit);
  }

  /** What is in the way of a swap is no end: a backup can still be restored in place. */
  static Point swap(Look look) {
    // Prepared transactions are a point of their own.
    Topic topic = Topic.SWAP;
    String live = look.database().target().database();
    try (Database maintenance = look.databases().open(look.settings().maintenance())) {
      List<Obstacle> obstacles =
          Obstacles.find(maintenance, live).stream().filter(Obstacle::blocking).toList();
      if (obstacles.isEmpty()) {
        return Point.passed(topic, "a restored database can be swapped in", "");
      }
      return Point.warning(
          topic,
          "a backup can only be restored in place, without a copy of what it replaces",
          "",
          obstacles.stream().map(Obstacle::what).toList(),
          obstacles.get(0).remedy() + "; else: belay backup-restore latest --strategy in-place");
    }
  }
}
