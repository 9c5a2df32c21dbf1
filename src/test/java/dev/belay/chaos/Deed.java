package dev.belay.chaos;

import dev.belay.support.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
  IN_PLACE(
      "backup-restore latest --strategy in-place --yes",
      "in-place-begun in-place-begun pg-restore-ended pg-restore-ended"),
  TABLE(
      "backup-restore latest --table shop.item --yes",
      "scratch-created pg-restore-ended merge-written merge-committed tables-merged"),
  LOST_TABLE(
      "backup-restore latest --table shop.item --table shop.label --yes",
      "scratch-created merge-written merge-committed tables-merged tables-recreated"),
  EMERGENCY("emergency-rollback --yes", Points.RESTORING),
  POINT(
      "rollback-point execute latest --yes",
      "point-data point-record merge-written merge-committed"),
  IMPORT(
      "import-data export.json --policy exact --yes",
      "merge-batch-begin merge-batch-written merge-batch-committed merge-written merge-committed"),
  UNDO_RESTORE("undo-restore --yes", Points.SWAPPING),
  RECONCILE(
      "reconcile-data latest --from replaced --policy three-way --removals --yes",
      "reconcile-scratch reconcile-restored replaced-opened replaced-entered merge-written"
          + " merge-committed"),
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
      "guard --yes --on-failure stop -- psql -q -v ON_ERROR_STOP=1 -f new.sql", Points.GUARDING),
  TRIGGER("guard", Points.GUARDING),
  TRIGGER_OR_RESTORE("guard", Points.GUARDING + " restore-proven swap-renaming"),
  TRIGGER_OR_STOP("guard", Points.GUARDING);

  /** What was written between a backup and the restore of it, by keys that nobody else touches. */
  private static final List<String> LEFT_BEHIND =
      List.of(
          "insert into shop.item (id, name, price) select n, 'left behind ' || n, n"
              + " from generate_series(5001, 5040) n",
          "update shop.item set price = price + 7 where id between 41 and 49",
          "delete from shop.item where id between 551 and 555",
          "insert into shop.label (word) values ('left behind')",
          "update shop.label set word = word || '!' where id between 3 and 9",
          "delete from shop.label where id = 20");

  private final String words;
  private final String points;

  Deed(String words, String points) {
    this.words = words;
    this.points = points;
  }

  /** The name of the command that is on record. */
  String onRecord() {
    return words.split(" ", 2)[0];
  }

  /** The fail points that it may come by. */
  List<String> points() {
    return List.of(points.split(" "));
  }

  /** The fail points that a command may come by, whatever it is for. */
  static List<String> pointsOf(List<String> line) {
    return Stream.of(values())
        .filter(deed -> deed.isBelay() ? line.contains(deed.onRecord()) : line.size() == 1)
        .max(Comparator.comparingLong(deed -> deed.words().filter(line::contains).count()))
        .map(Deed::points)
        .orElse(List.of("scratch-created"));
  }

  private Stream<String> words() {
    return Stream.of(words.split(" "));
  }

  /** Whether Belay is started, and not a script that starts it. */
  private boolean isBelay() {
    return this != TRIGGER && this != TRIGGER_OR_RESTORE && this != TRIGGER_OR_STOP;
  }

  /** The whole command for Belay with those words. */
  static List<String> belay(List<String> words) {
    List<String> line = new ArrayList<>(List.of(Program.LAUNCHER.toString()));
    line.addAll(words);
    return line;
  }

  /** The whole command. */
  List<String> line(World world) {
    return switch (this) {
      case TRIGGER -> Script.line("undo");
      case TRIGGER_OR_RESTORE -> Script.line("restore");
      case TRIGGER_OR_STOP -> Script.line("stop");
      default -> {
        List<String> line = belay(words().toList());
        if (this == ROLLBACK || this == GRADUAL) {
          line.add(2, "V" + last(world).version());
        }
        yield line;
      }
    };
  }

  /**
   * What has to be done after the backup, before the application goes on.
   *
   * @param belay runs Belay with those words
   */
  void prepare(World world, Consumer<List<String>> belay) {
    switch (this) {
      case POINT ->
          belay.accept(
              List.of("rollback-point", "create", "--table", "shop.item", "--description", "it"));
      case IMPORT ->
          belay.accept(List.of("export-data", "--table", "shop.item", "--out", "export.json"));
      case UNDO_RESTORE -> belay.accept(List.of("backup-restore", "latest", "--yes"));
      case LOST_TABLE -> world.sql("drop table shop.label");
      case RECONCILE -> {
        LEFT_BEHIND.forEach(world::sql);
        belay.accept(List.of("backup-restore", "latest", "--yes"));
      }
      default -> {}
    }
  }

  /**
   * Whether it has the operation lock at that fail point.
   *
   * @param point empty: nobody knows
   */
  boolean isLockedAt(String point) {
    // What is only looked at is looked at without the lock, and a recovery does what it can.
    boolean before =
        point.equals("scratch-created") || (this == TABLE && point.equals("pg-restore-ended"));
    return !point.isEmpty() && !before && this != RECOVERY;
  }

  /** Whether rows that were written since go from the table of items, which is what it is for. */
  boolean takesRowsAway() {
    return switch (this) {
      case POINT, IMPORT, TABLE, LOST_TABLE -> true;
      default -> false;
    };
  }

  /** Whether what was written before it is gone for ever, as its plan says. */
  boolean keepsNoCopy() {
    return this == IN_PLACE;
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
      case RESTORE, EMERGENCY, IN_PLACE, POINT, IMPORT, UNDO_RESTORE, TABLE -> List.of(backup);
      case LOST_TABLE -> List.of(backup.withoutRelation("shop.label"), backup);
      case RECONCILE -> List.of(world.after(LEFT_BEHIND));
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
      case GUARD, GUARD_OR_STOP, TRIGGER, TRIGGER_OR_STOP, TRIGGER_OR_RESTORE -> run(world);
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
    if (world.role == Role.OWNER && needsOtherDatabases()) {
      return true;
    }
    return switch (this) {
      case MIGRATE, MIGRATE_OR_RESTORE, MIGRATE_OR_STOP ->
          world.pending.stream().anyMatch(RandomMigration::fails);
      case GUARD, GUARD_OR_RESTORE, GUARD_OR_STOP, TRIGGER, TRIGGER_OR_RESTORE, TRIGGER_OR_STOP ->
          world.foreign.fails();
      case ROLLBACK -> last(world).down().isEmpty();
      // It switches the schema in one transaction.
      case GRADUAL -> last(world).down().isEmpty() || !last(world).inTransaction();
      default -> false;
    };
  }

  /** Whether it makes, or renames, databases. */
  private boolean needsOtherDatabases() {
    return switch (this) {
      case BACKUP, IN_PLACE, POINT, IMPORT -> false;
      default -> true;
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
