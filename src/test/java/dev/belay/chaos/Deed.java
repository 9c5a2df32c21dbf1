package dev.belay.chaos;

import java.util.ArrayList;
import java.util.List;

/** What an operator does when the fault strikes. */
enum Deed {
  BACKUP("create-backup"),
  ROLLBACK("rollback-migration --accept-loss 100000 --yes"),
  GRADUAL("gradual-rollback --accept-loss 100000 --delay-seconds 0 --yes"),
  RESTORE("backup-restore latest --yes"),
  EMERGENCY("emergency-rollback --yes"),
  MIGRATE("migrate --yes");

  private final String words;

  Deed(String words) {
    this.words = words;
  }

  List<String> arguments(World world) {
    List<String> arguments = new ArrayList<>(List.of(words.split(" ")));
    if (this == ROLLBACK || this == GRADUAL) {
      arguments.add(1, "V" + last(world).version());
    }
    return arguments;
  }

  private static RandomMigration last(World world) {
    return world.applied.get(world.applied.size() - 1);
  }

  /**
   * What the database may hold on the way, and last what it holds when all is done; found by plain
   * SQL on a copy, without Belay.
   */
  List<Content> ways(World world, Content backup, Content before) {
    return switch (this) {
      case BACKUP -> List.of(before);
      case RESTORE, EMERGENCY -> List.of(backup);
      case ROLLBACK, GRADUAL ->
          last(world).down().isEmpty()
              ? List.of(before)
              : List.of(
                  world.after(
                      List.of(
                          plain(last(world).down()),
                          "delete from shop.flyway_schema_history where version = '%d'"
                              .formatted(last(world).version()))));
      case MIGRATE -> migrated(world);
    };
  }

  private static List<Content> migrated(World world) {
    List<Content> ways = new ArrayList<>();
    List<String> statements = new ArrayList<>();
    for (RandomMigration migration : world.pending) {
      if (migration.fails()) {
        break;
      }
      statements.add(plain(migration.up()));
      statements.add(
          "insert into shop.flyway_schema_history values (%d, '%d', 'x', 'SQL', 'x', 1, 'x', now(), 1, true)"
              .formatted(100 + migration.version(), migration.version()));
      ways.add(world.after(statements));
    }
    return ways;
  }

  /** Whether it cannot be carried to its end whatever happens. */
  boolean cannotSucceed(World world) {
    return switch (this) {
      case MIGRATE -> world.pending.stream().anyMatch(RandomMigration::fails);
      case ROLLBACK -> last(world).down().isEmpty();
      // It switches the schema in one transaction.
      case GRADUAL -> last(world).down().isEmpty() || !last(world).inTransaction();
      default -> false;
    };
  }

  private static String plain(String sql) {
    return sql.replace(" concurrently", "");
  }
}
