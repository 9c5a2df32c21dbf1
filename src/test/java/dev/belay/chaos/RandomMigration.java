package dev.belay.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A migration by chance, with the script that undoes it.
 *
 * @param name such as {@code V3__index}
 * @param up its script
 * @param down the script that undoes it; empty: there is none
 * @param inTransaction false: it cannot run in one
 * @param fails whether the script ends with an error
 */
record RandomMigration(
    int version, String name, String up, String down, boolean inTransaction, boolean fails) {

  /** One that the tables of {@link World} allow, whatever others were applied before. */
  static RandomMigration of(Random chance, int version, boolean mayFail) {
    String table = World.TABLES.get(chance.nextInt(World.TABLES.size()));
    String column = "extra_" + version;
    RandomMigration made =
        switch (chance.nextInt(11)) {
          case 0 ->
              of(
                  version,
                  "column",
                  "alter table %s add column %s integer;".formatted(table, column),
                  "alter table %s drop column %s;".formatted(table, column));
          case 1 ->
              of(
                  version,
                  "column_with_values",
                  "alter table %1$s add column %2$s text not null default 'x';\nupdate %1$s set %2$s = name where id %% 2 = 0;"
                      .formatted(table, column),
                  "alter table %s drop column %s;".formatted(table, column));
          case 2 ->
              of(
                  version,
                  "index",
                  "create index item_%d_idx on %s (name);".formatted(version, table),
                  "drop index shop.item_%d_idx;".formatted(version));
          case 3 ->
              new RandomMigration(
                  version,
                  "V" + version + "__index_concurrently",
                  "create index concurrently item_%d_idx on %s (price);".formatted(version, table),
                  "drop index concurrently shop.item_%d_idx;".formatted(version),
                  false,
                  false);
          case 4 ->
              of(
                  version,
                  "table",
                  "create table shop.t%1$d (id integer primary key, item bigint references %2$s on delete cascade);\ninsert into shop.t%1$d select id, id from %2$s order by id limit 20;"
                      .formatted(version, table),
                  "drop table shop.t%d;".formatted(version));
          case 5 ->
              of(
                  version,
                  "rename",
                  "alter table %s rename column note to note_%d;".formatted(table, version),
                  "alter table %s rename column note_%d to note;".formatted(table, version));
          case 6 ->
              of(
                  version,
                  "values_gone",
                  "update %s set price = price + %d where id <= 40;".formatted(table, version),
                  "update %s set price = price - %d where id <= 40;".formatted(table, version));
          case 7 ->
              of(
                  version,
                  "rows_gone",
                  "delete from %s where id <= 10;".formatted(table),
                  "select 1;");
          case 8 ->
              of(
                  version,
                  "check",
                  "alter table %s add constraint c_%d check (price < 100000);"
                      .formatted(table, version),
                  "alter table %s drop constraint c_%d;".formatted(table, version));
          case 9 ->
              of(
                  version,
                  "without_undo",
                  "create view shop.v_%d as select id, name from %s;".formatted(version, table),
                  "");
          default ->
              of(
                  version,
                  "type",
                  "alter table %s alter column code type bigint;".formatted(table),
                  "alter table %s alter column code type integer;".formatted(table));
        };
    if (mayFail && made.inTransaction && chance.nextInt(3) == 0) {
      // Where no rows are, as in a replay, most of them do not.
      String many = chance.nextInt(4) == 0 ? "0" : "100";
      return new RandomMigration(
          version,
          made.name + "_that_fails",
          made.up
              + "\nselect 1 / (case when count(*) >= %s then 0 else 1 end) from %s;"
                  .formatted(many, table),
          made.down,
          true,
          true);
    }
    return made;
  }

  /** Whether both rename the same column. */
  boolean renamesLike(RandomMigration other) {
    String renaming = " rename column ";
    int end = up.indexOf(renaming);
    return end >= 0 && other.up.startsWith(up.substring(0, end + renaming.length()));
  }

  /** One that may run in a transaction. */
  static RandomMigration inTransaction(Random chance, int version) {
    RandomMigration made = of(chance, version, true);
    return made.inTransaction ? made : inTransaction(chance, version);
  }

  /** One whose undo is run in batches. */
  static RandomMigration inBatches(int version) {
    return of(
        version,
        "column_in_batches",
        "alter table shop.item add column batched text;\nupdate shop.item set batched = note;",
        """
        -- belay:batch table=shop.item key=id
        update shop.item set batched = null where /* belay:range */ true;
        alter table shop.item drop column batched;
        """);
  }

  private static RandomMigration of(int version, String what, String up, String down) {
    return new RandomMigration(version, "V" + version + "__" + what, up, down, true, false);
  }

  /** Writes both scripts below that folder. */
  void write(Path folder) {
    try {
      Path migrations = Files.createDirectories(folder.resolve("db/migration"));
      Path undo = Files.createDirectories(folder.resolve("db/undo"));
      Files.writeString(migrations.resolve(name + ".sql"), up + "\n");
      if (!down.isEmpty()) {
        Files.writeString(undo.resolve("U" + name.substring(1) + ".sql"), down + "\n");
      }
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
