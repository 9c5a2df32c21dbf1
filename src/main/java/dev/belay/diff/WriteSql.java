package dev.belay.diff;

import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The statements that write what is staged. */
final class WriteSql {
  /** The name of the target's table in them. */
  private static final String ROW = "belay_row";

  private WriteSql() {}

  /**
   * One statement that writes several tables, and answers with how many rows it removed, changed
   * and added of each. In each table rows are removed first and added last, so that unique values
   * are free when they are needed.
   *
   * @param replaced tables whose changed rows are removed and added, in place of an update
   */
  static String unit(List<MergeTable> tables, Set<MergeTable> replaced) {
    List<String> parts = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    int number = 0;
    for (MergeTable table : tables) {
      number++;
      String before = "";
      if (table.rows(Decision.REMOVE) > 0) {
        parts.add("r%d as (%s returning 1)".formatted(number, remove(table, "")));
        before = after("r" + number);
      }
      if (table.rows(Decision.CHANGE) > 0) {
        if (replaced.contains(table)) {
          parts.add("x%d as (%s)".formatted(number, takeOut(table, before)));
          parts.add("c%d as (%s returning 1)".formatted(number, putBack(table, "x" + number)));
        } else {
          parts.add("c%d as (%s returning 1)".formatted(number, change(table, before)));
        }
        before += after("c" + number);
      }
      if (table.rows(Decision.ADD) > 0) {
        parts.add("a%d as (%s returning 1)".formatted(number, add(table, before)));
      }
      counts.add(count(table, Decision.REMOVE, "r" + number));
      counts.add(count(table, Decision.CHANGE, "c" + number));
      counts.add(count(table, Decision.ADD, "a" + number));
    }
    return "with " + String.join(",\n", parts) + "\nselect " + String.join(", ", counts);
  }

  private static String count(MergeTable table, Decision decision, String part) {
    return table.rows(decision) > 0 ? "(select pg_catalog.count(*) from " + part + ")" : "0";
  }

  /** A condition that the server can only answer when that part is done. */
  private static String after(String part) {
    return " and (select pg_catalog.count(*) from " + part + ") >= 0";
  }

  /** Adds all that is staged. */
  static String add(MergeTable table, String also) {
    return addFrom(table, table.stage(Decision.ADD), also);
  }

  static String addFrom(MergeTable table, String from, String also) {
    return "insert into %s (%s) %sselect %s from %s as s where true%s"
        .formatted(
            table.name(),
            MergeTable.names(table.pair().columns()),
            table.overriding(),
            MergeTable.list("s", table.stagedColumns()),
            from,
            also);
  }

  /** Changes all that is staged. */
  static String change(MergeTable table, String also) {
    return changeFrom(table, table.stage(Decision.CHANGE), also);
  }

  static String changeFrom(MergeTable table, String from, String also) {
    List<String> sets = new ArrayList<>();
    for (String column : table.updatable()) {
      sets.add(new Identifier(column) + " = s." + table.staged(column));
    }
    return "update %s as %s set %s from %s as s where %s%s"
        .formatted(
            table.pair().target().from(), ROW, String.join(", ", sets), from, sameplace(), also);
  }

  /** Removes all that is staged. */
  static String remove(MergeTable table, String also) {
    return removeFrom(table, table.stage(Decision.REMOVE), also);
  }

  static String removeFrom(MergeTable table, String from, String also) {
    return "delete from %s as %s using %s as s where %s%s"
        .formatted(table.pair().target().from(), ROW, from, sameplace(), also);
  }

  /** Locks rows as their removal does, and counts them. */
  static String lock(MergeTable table, String from, String also) {
    return "select pg_catalog.count(*) from (select from %s as %s, %s as s where %s%s for update of %s) as locked"
        .formatted(table.pair().target().from(), ROW, from, sameplace(), also, ROW);
  }

  private static String sameplace() {
    return "%s.tableoid = s.place_table and %s.ctid = s.place".formatted(ROW, ROW);
  }

  /** Takes the rows that change out, and keeps what only the target knows of them. */
  private static String takeOut(MergeTable table, String also) {
    StringBuilder kept = new StringBuilder();
    int number = 0;
    for (String column : table.targetOnly()) {
      kept.append(", ").append(ROW).append('.').append(new Identifier(column));
      kept.append(" as t").append(++number);
    }
    return removeFrom(table, table.stage(Decision.CHANGE), also)
        + " returning s.number as number"
        + kept;
  }

  private static String putBack(MergeTable table, String taken) {
    List<String> columns = new ArrayList<>(table.pair().columns());
    List<String> values = new ArrayList<>();
    table.stagedColumns().forEach(column -> values.add("s." + column));
    int number = 0;
    for (String column : table.targetOnly()) {
      columns.add(column);
      values.add("x.t" + ++number);
    }
    return "insert into %s (%s) %sselect %s from %s as s join %s as x on x.number = s.number where true%s"
        .formatted(
            table.name(),
            MergeTable.names(columns),
            table.overriding(),
            String.join(", ", values),
            table.stage(Decision.CHANGE),
            taken,
            after(taken));
  }

  /**
   * Sets some columns of the rows that change to null, so that they can take each other's values in
   * a second step, and learns where the rows lie then.
   */
  static String empty(MergeTable table, List<String> columns) {
    List<String> sets = columns.stream().map(name -> new Identifier(name) + " = null").toList();
    String stage = table.stage(Decision.CHANGE);
    return """
        with moved as (
          update %s as %s
             set %s
            from %s as s
           where %s
          returning s.number as number, %s.tableoid as place_table, %s.ctid as place)
        update %s as s
           set place_table = m.place_table, place = m.place
          from moved m
         where s.number = m.number
        """
        .formatted(
            table.pair().target().from(),
            ROW,
            String.join(", ", sets),
            stage,
            sameplace(),
            ROW,
            ROW,
            stage);
  }
}
