package dev.belay.chaos;

import java.util.ArrayList;
import java.util.List;

/** What an operator does when the fault strikes. */
enum Deed {
  BACKUP("create-backup", "backup-snapshot backup-dumped backup-manifest backup-published"),
  ROLLBACK(
      "rollback-migration --accept-loss 100000 --yes",
      "scratch-created backup-published rollback-backup rollback-exported rollback-before-commit"
          + " rollback-before-commit rollback-committed rollback-step"),
  GRADUAL(
      "gradual-rollback --accept-loss 100000 --delay-seconds 0 --yes",
      "batch-before-commit batch-committed gradual-data-done gradual-switched"),
  RESTORE("backup-restore latest --yes", Points.RESTORING),
  EMERGENCY("emergency-rollback --yes", Points.RESTORING),
  POINT(
      "rollback-point execute latest --yes",
      "point-data point-record merge-written merge-committed"),
  IMPORT(
      "import-data export.json --policy exact --yes",
      "merge-batch-begin merge-batch-written merge-batch-committed merge-written merge-committed"),
  UNDO_RESTORE("undo-restore --yes", Points.SWAPPING),
  RECOVERY(
      "emergency-recovery --yes",
      "backup-dumped backup-published export-snapshot export-written scratch-created"),
  MIGRATE("migrate --yes", Points.MIGRATING),
  MIGRATE_OR_RESTORE("migrate --yes --on-failure restore", Points.MIGRATING),
  MIGRATE_OR_STOP("migrate --yes --on-failure stop", Points.MIGRATING),
  GUARD("guard --yes -- psql -q -v ON_ERROR_STOP=1 -f new.sql", Points.GUARDING),
  GUARD_OR_RESTORE(
      "guard --yes --on-failure restore -- psql -q -v ON_ERROR_STOP=1 -1 -f new.sql",
      Points.GUARDING + " restore-proven swap-renaming"),
  GUARD_OR_STOP(
      "guard --yes --on-failure stop -- psql -q -v ON_ERROR_STOP=1 -f new.sql", Points.GUARDING);

  private final String words;
  private final String points;

  Deed(String words, String points) {
    this.words = words;
    this.points = points;
  }

  /** The command's name. */
  String command() {
    return words.split(" ", 2)[0];
  }

  /** The fail points that it may come by. */
  List<String> points() {
    return List.of(points.split(" "));
  }

  List<String> arguments(World world) {
    List<String> arguments = new ArrayList<>(List.of(words.split(" ")));
    if (this == ROLLBACK || this == GRADUAL) {
      arguments.add(1, "V" + last(world).version());
    }
    return arguments;
  }

  /** What has to be done after the backup, before the application goes on. */
  List<List<String>> before() {
    return switch (this) {
      case POINT ->
          List.of(
              List.of(
                  "rollback-point", "create", "--table", "shop.item", "--description", "chaos"));
      case IMPORT ->
          List.of(List.of("export-data", "--table", "shop.item", "--out", "export.json"));
      case UNDO_RESTORE -> List.of(List.of("backup-restore", "latest", "--yes"));
      default -> List.of();
    };
  }

  /** Whether rows that were written since go from the table of items, which is what it is for. */
  boolean takesRowsAway() {
    return this == POINT || this == IMPORT;
  }

  /** Whether any command is run, and not Flyway. */
  boolean isGuard() {
    return switch (this) {
      case GUARD, GUARD_OR_RESTORE, GUARD_OR_STOP -> true;
      default -> false;
    };
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
      case BACKUP, RECOVERY -> List.of(before);
      case RESTORE, EMERGENCY, POINT, IMPORT, UNDO_RESTORE -> List.of(backup);
      case ROLLBACK, GRADUAL ->
          last(world).down().isEmpty()
              ? List.of(before)
              : List.of(
                  world.after(
                      List.of(
                          plain(last(world).down()),
                          "delete from shop.flyway_schema_history where version = '%d'"
                              .formatted(last(world).version()))));
      case MIGRATE, MIGRATE_OR_RESTORE, MIGRATE_OR_STOP -> migrated(world);
      case GUARD, GUARD_OR_STOP -> run(world);
      case GUARD_OR_RESTORE -> {
        List<Content> run = run(world);
        yield world.foreign.fails() ? List.of() : run.subList(run.size() - 1, run.size());
      }
    };
  }

  /** After each of the statements. */
  private static List<Content> run(World world) {
    List<Content> ways = new ArrayList<>();
    List<String> statements = new ArrayList<>();
    List<String> all = List.of(world.foreign.up().split(";\n"));
    for (String statement : world.foreign.fails() ? all.subList(0, all.size() - 1) : all) {
      statements.add(statement);
      ways.add(world.after(statements));
    }
    return ways;
  }

  private static List<Content> migrated(World world) {
    List<Content> ways = new ArrayList<>();
    List<String> statements = new ArrayList<>();
    for (RandomMigration migration : world.pending) {
      if (migration.fails()) {
        break;
      }
      statements.add(plain(migration.up()));
      if (!migration.inTransaction()) {
        // Done, and not yet in Flyway's table.
        ways.add(world.after(statements));
      }
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
      case MIGRATE, MIGRATE_OR_RESTORE, MIGRATE_OR_STOP ->
          world.pending.stream().anyMatch(RandomMigration::fails);
      case GUARD, GUARD_OR_RESTORE, GUARD_OR_STOP -> world.foreign.fails();
      case ROLLBACK -> last(world).down().isEmpty();
      // It switches the schema in one transaction.
      case GRADUAL -> last(world).down().isEmpty() || !last(world).inTransaction();
      default -> false;
    };
  }

  private static String plain(String sql) {
    return sql.replace(" concurrently", "");
  }

  /** Moments that several have in common. */
  private static final class Points {
    static final String SWAPPING =
        "swap-begun swap-marked swap-closed swap-ended swap-renaming swap-renamed";
    static final String RESTORING =
        "restore-created restore-noted restore-restored restore-proven " + SWAPPING;
    static final String MIGRATING =
        "scratch-created migrate-backup migrate-exported migrate-applying migrate-applied"
            + " migrate-migrated recovery-begun";
    static final String GUARDING =
        "backup-published guard-backup guard-before guard-command guard-failed recovery-begun";

    private Points() {}
  }
}
