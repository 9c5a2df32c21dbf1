package dev.belay.projects.random;

import static dev.belay.projects.random.Step.quoted;
import static dev.belay.projects.random.World.present;
import static dev.belay.projects.random.World.require;

import dev.belay.projects.random.World.Column;
import dev.belay.projects.random.World.Impossible;
import dev.belay.projects.random.World.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Statements that change rows. */
final class RowSteps {
  private RowSteps() {}

  private static void report(Map<String, Long> counts, List<String> effect) {
    counts.forEach((what, rows) -> effect.add(what + ": " + rows));
  }

  private static String sql(Object value) {
    return value instanceof Long ? value.toString() : "'" + value + "'";
  }

  /**
   * Inserts one row per id.
   *
   * @param column a column to fill beside the id, or null
   * @param value a number or a label
   */
  record Insert(String table, List<Long> ids, @Nullable String column, Object value)
      implements Step {
    @Override
    public String sql() {
      List<String> rows = new ArrayList<>();
      ids.forEach(
          id ->
              rows.add(
                  column == null ? "(" + id + ")" : "(" + id + ", " + RowSteps.sql(value) + ")"));
      return "insert into %s (id%s) values %s"
          .formatted(
              quoted(table), column == null ? "" : ", " + quoted(column), String.join(", ", rows));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table filled = world.table(table);
      List<Map<Column, Object>> rows = new ArrayList<>();
      for (Long id : ids) {
        Map<Column, Object> row = new HashMap<>();
        row.put(filled.id(), id);
        if (column != null) {
          Column other = filled.column(column);
          if (value instanceof String label) {
            boolean known = present(world.enums.get(other.type), other.type).labels.contains(label);
            require(known, "no label " + label);
          }
          row.put(other, value);
        }
        rows.add(row);
      }
      Map<String, Long> counts = new TreeMap<>();
      world.insert(filled, rows, counts);
      report(counts, effect);
    }
  }

  /** Copies a column of all rows of one table into another table, under ids of their own. */
  record Copy(String from, String column, String to, String toColumn, long offset) implements Step {
    @Override
    public String sql() {
      return "insert into %s (id, %s) select id + %d, %s from %s"
          .formatted(quoted(to), quoted(toColumn), offset, quoted(column), quoted(from));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table source = world.table(from);
      Column copied = source.column(column);
      Table filled = world.table(to);
      Column into = filled.column(toColumn);
      List<Map<Column, Object>> rows = new ArrayList<>();
      for (Map<Column, Object> row : source.rows) {
        Map<Column, Object> copy = new HashMap<>();
        copy.put(filled.id(), (Long) Objects.requireNonNull(row.get(source.id())) + offset);
        Object value = row.get(copied);
        copy.put(into, value);
        rows.add(copy);
      }
      Map<String, Long> counts = new TreeMap<>();
      world.insert(filled, rows, counts);
      report(counts, effect);
    }
  }

  /**
   * Sets a column in the rows where another has a value.
   *
   * @param equals the value, or null for the rows where it is null
   */
  record Update(String table, String column, long value, String where, @Nullable Long equals)
      implements Step {
    @Override
    public String sql() {
      return "update %s set %s = %d where %s %s"
          .formatted(
              quoted(table),
              quoted(column),
              value,
              quoted(where),
              equals == null ? "is null" : "= " + equals);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table updated = world.table(table);
      Column set = updated.column(column);
      Column asked = updated.column(where);
      long rows = 0;
      for (Map<Column, Object> row : updated.rows) {
        if (Objects.equals(row.get(asked), equals)) {
          row.put(set, value);
          rows++;
        }
      }
      world.check(updated);
      effect.add("updates " + rows);
    }
  }

  /** Deletes the rows where a column has a value. */
  record Delete(String table, String where, long equals) implements Step {
    @Override
    public String sql() {
      return "delete from %s where %s = %d".formatted(quoted(table), quoted(where), equals);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table emptied = world.table(table);
      Column asked = emptied.column(where);
      int before = emptied.rows.size();
      emptied.rows.removeIf(row -> Objects.equals(row.get(asked), equals));
      world.check(emptied);
      effect.add("deletes " + (before - emptied.rows.size()));
    }
  }
}
