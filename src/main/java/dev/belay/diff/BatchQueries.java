package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.integrity.RowHash;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;

/** The statements of a merge in several transactions. */
final class BatchQueries {
  private BatchQueries() {}

  /** Each batch sees what was committed before it, whatever the database's default is. */
  static void readCommitted(Database session) {
    session.execute("set transaction isolation level read committed");
  }

  /** The numbers of staged rows that are not done. */
  static List<Long> left(Database session, MergeTable table, Decision decision, Range range) {
    return session.list(
        "select s.number from %s s where true%s order by s.number"
            .formatted(table.stage(decision), range.condition()),
        row -> row.getLong(1));
  }

  /** Does staged rows, and takes them off the stage; how many. */
  static long write(
      Database session, MergeTable table, Decision decision, Range range, List<ForeignKey> keys) {
    String stage = table.stage(decision);
    if (decision == Decision.ADD) {
      long added = session.execute(WriteSql.addFrom(table, stage, range.condition()));
      session.execute("delete from " + stage + " as s where true" + range.condition());
      return added;
    }
    if (decision == Decision.REMOVE) {
      lock(session, table, range.condition(), keys);
    }
    String write =
        decision == Decision.CHANGE
            ? WriteSql.changeFrom(table, stage, range.condition() + asSeen(table))
            : WriteSql.removeFrom(
                table, stage, range.condition() + asSeen(table) + alone(table, keys, List.of()));
    return session.execute(
        "with done as (%s returning s.number as number) delete from %s as s using done d where s.number = d.number"
            .formatted(write, stage));
  }

  /** Adds and changes the rows of tables that refer to each other. */
  static List<Written> circle(Database session, List<MergeTable> tables) {
    List<String> parts = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    int number = 0;
    for (MergeTable table : tables) {
      number++;
      if (table.rows(Decision.CHANGE) > 0) {
        String change = WriteSql.changeFrom(table, table.stage(Decision.CHANGE), asSeen(table));
        parts.add("c%d as (%s returning 1)".formatted(number, change));
        counts.add("(select pg_catalog.count(*) from c%d)".formatted(number));
      } else {
        counts.add("0");
      }
      if (table.rows(Decision.ADD) > 0) {
        parts.add("a%d as (%s returning 1)".formatted(number, WriteSql.add(table, "")));
        counts.add("(select pg_catalog.count(*) from a%d)".formatted(number));
      } else {
        counts.add("0");
      }
    }
    return counted(session, tables, parts, counts, 2).stream()
        .map(row -> new Written(0, row.get(0), row.get(1)))
        .toList();
  }

  /** Removes the rows of tables that refer to each other. */
  static List<Written> circleRemoval(
      Database session, List<MergeTable> tables, List<ForeignKey> keys) {
    List<String> parts = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    int number = 0;
    tables.stream()
        .filter(table -> table.rows(Decision.REMOVE) > 0)
        .forEach(table -> lock(session, table, "", keys));
    for (MergeTable table : tables) {
      number++;
      if (table.rows(Decision.REMOVE) == 0) {
        counts.add("0");
        continue;
      }
      String remove =
          WriteSql.removeFrom(
              table, table.stage(Decision.REMOVE), asSeen(table) + alone(table, keys, tables));
      parts.add("r%d as (%s returning 1)".formatted(number, remove));
      counts.add("(select pg_catalog.count(*) from r%d)".formatted(number));
    }
    return counted(session, tables, parts, counts, 1).stream()
        .map(row -> new Written(row.get(0), 0, 0))
        .toList();
  }

  /**
   * Keeps others from hanging rows on those that are removed. A statement of its own: a removal
   * that waited for somebody who hangs one would not look again whether a row hangs there.
   */
  private static void lock(Database session, MergeTable table, String also, List<ForeignKey> keys) {
    if (keys.stream().anyMatch(key -> key.parentOid() == table.oid() && key.followsRemoval())) {
      session.number(WriteSql.lock(table, table.stage(Decision.REMOVE), also));
    }
  }

  private static List<List<Long>> counted(
      Database session,
      List<MergeTable> tables,
      List<String> parts,
      List<String> counts,
      int perTable) {
    return session.one(
        "with " + String.join(",\n", parts) + "\nselect " + String.join(", ", counts),
        row -> {
          List<List<Long>> answer = new ArrayList<>();
          for (int at = 0; at < tables.size(); at++) {
            List<Long> numbers = new ArrayList<>();
            for (int column = 1; column <= perTable; column++) {
              numbers.add(row.getLong(at * perTable + column));
            }
            answer.add(numbers);
          }
          return answer;
        });
  }

  /** Only a row that is still as it was when the plan was made. */
  private static String asSeen(MergeTable table) {
    return " and " + table.targetHash() + " = s.seen";
  }

  /**
   * Only a row on which no other hangs that would go, or change, with it; those of {@code within}
   * that are removed themselves do not count.
   */
  private static String alone(MergeTable table, List<ForeignKey> keys, List<MergeTable> within) {
    StringBuilder alone = new StringBuilder();
    for (ForeignKey key : keys) {
      if (key.parentOid() != table.oid() || !key.followsRemoval()) {
        continue;
      }
      List<String> equal = new ArrayList<>();
      for (int at = 0; at < key.childColumns().size(); at++) {
        equal.add(
            "%s.%s %s h.%s"
                .formatted(
                    RowHash.ALIAS,
                    new Identifier(key.parentColumns().get(at)),
                    key.equal().get(at),
                    new Identifier(key.childColumns().get(at))));
      }
      String removed =
          within.stream()
              .filter(child -> child.oid() == key.childOid())
              .filter(child -> child.rows(Decision.REMOVE) > 0)
              .map(
                  child ->
                      " and not exists (select from %s m where m.place_table = h.tableoid and m.place = h.ctid)"
                          .formatted(child.stage(Decision.REMOVE)))
              .findFirst()
              .orElse("");
      alone
          .append(" and not exists (select from ")
          .append(key.childFrom())
          .append(" as h where ")
          .append(String.join(" and ", equal))
          .append(removed)
          .append(")");
    }
    return alone.toString();
  }

  /**
   * Numbers of staged rows.
   *
   * @param after the first is greater
   * @param to the last is this at most
   */
  record Range(long after, long to) {
    String condition() {
      return " and s.number > " + after + " and s.number <= " + to;
    }
  }
}
