package dev.belay.status;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.status.StateQueries.Door;
import java.util.List;
import java.util.Optional;

/** Whether the target lets anybody in; a restore that was killed can leave it closed. */
final class DoorCheck {
  static final String NAME = "database-open";
  private static final int INVALID = -2;

  private final Databases databases;

  DoorCheck(Databases databases) {
    this.databases = databases;
  }

  /** Asks the maintenance database why the target cannot be reached; silent when it cannot say. */
  List<CheckResult> whyClosed(Settings settings) {
    String name = settings.target().database();
    if (name.equals(settings.maintenanceDatabase())) {
      return List.of();
    }
    try (Database maintenance = databases.open(settings.maintenance())) {
      Optional<Door> door = StateQueries.door(maintenance, name);
      if (door.isEmpty()) {
        return List.of(
            CheckResult.failed(NAME, "there is no database " + name, List.of(), "psql --list"));
      }
      return List.of(result(name, door.get()));
    } catch (Failure alsoUnreachable) {
      return List.of();
    }
  }

  static CheckResult result(String name, Door door) {
    Identifier quoted = new Identifier(name);
    if (!door.allowsConnections()) {
      return CheckResult.failed(
          NAME,
          "the database refuses connections",
          List.of("datallowconn is false for " + name),
          "in another database: alter database " + quoted + " allow_connections true");
    }
    if (door.limit() == INVALID) {
      return CheckResult.failed(
          NAME,
          "the database is what an interrupted DROP DATABASE left",
          List.of("datconnlimit is -2 for " + name),
          "in another database: drop database " + quoted);
    }
    if (door.limit() == 0) {
      return CheckResult.failed(
          NAME,
          "only superusers can connect",
          List.of("datconnlimit is 0 for " + name),
          "alter database " + quoted + " connection limit -1");
    }
    return CheckResult.passed(
        NAME,
        door.limit() < 0
            ? "accepts connections"
            : "accepts up to " + door.limit() + " connections");
  }
}
