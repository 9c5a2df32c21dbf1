package dev.belay.projects.random;

import static dev.belay.projects.random.Step.quoted;
import static dev.belay.projects.random.World.present;
import static dev.belay.projects.random.World.require;

import dev.belay.projects.random.World.Column;
import dev.belay.projects.random.World.Impossible;
import dev.belay.projects.random.World.Partition;
import dev.belay.projects.random.World.Reference;
import dev.belay.projects.random.World.Sequence;
import dev.belay.projects.random.World.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements that make and change tables. */
final class TableSteps {
  private TableSteps() {}

  /**
   * What a new column is to be.
   *
   * @param type {@code integer}, or the name of an enum
   * @param byDefault a constant, or null
   * @param sequence the sequence its default asks, or null
   * @param function the function its default calls, or null
   */
  record NewColumn(
      String name,
      String type,
      @Nullable Long byDefault,
      @Nullable String sequence,
      @Nullable String function) {
    static NewColumn plain(String name) {
      return new NewColumn(name, "integer", null, null, null);
    }

    String sql() {
      String start = quoted(name) + " " + (type.equals("integer") ? type : quoted(type));
      if (sequence != null) {
        return start + " default nextval('" + quoted(sequence).replace("'", "''") + "')";
      }
      if (function != null) {
        return start + " default " + quoted(function) + "()";
      }
      return byDefault == null ? start : start + " default " + byDefault;
    }

    Column in(World world) throws Impossible {
      require(type.equals("integer") || world.enums.containsKey(type), "no type " + type);
      Sequence asked = sequence == null ? null : present(world.sequences.get(sequence), sequence);
      World.Function called =
          function == null ? null : present(world.functions.get(function), function);
      Object value = asked != null || called != null ? Long.valueOf(0) : byDefault;
      return new Column(name, type, value, asked, called);
    }
  }

  /**
   * Makes a table with the primary key {@code id}.
   *
   * @param key the name of its primary key, which no other has: names of tables come again
   */
  record Create(String table, String key, List<NewColumn> columns, boolean partitioned)
      implements Step {
    @Override
    public String sql() {
      StringBuilder sql = new StringBuilder("create table " + quoted(table));
      sql.append(" (id bigint constraint ").append(quoted(key)).append(" primary key");
      columns.forEach(column -> sql.append(", ").append(column.sql()));
      return sql.append(partitioned ? ") partition by range (id)" : ")").toString();
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      world.freeRelationName(table);
      Table made = new Table(table, partitioned);
      Column id = new Column("id", "bigint", null, null, null);
      id.notNull = true;
      made.columns.put("id", id);
      for (NewColumn column : columns) {
        made.columns.put(column.name(), column.in(world));
      }
      world.tables.put(table, made);
      effect.add("created");
    }
  }

  record CreatePartition(String parent, String name, long from, long to) implements Step {
    @Override
    public String sql() {
      return "create table %s partition of %s for values from (%d) to (%d)"
          .formatted(quoted(name), quoted(parent), from, to);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      world.freeRelationName(name);
      Table table = world.table(parent);
      require(table.partitioned, parent + " has no partitions");
      for (Partition other : world.partitions.values()) {
        boolean apart = other.parent() != table || to <= other.from() || other.to() <= from;
        require(apart, "partitions overlap");
      }
      world.partitions.put(name, new Partition(table, from, to));
      effect.add("created");
    }
  }

  record DropPartition(String name) implements Step {
    @Override
    public String sql() {
      return "drop table " + quoted(name);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Partition gone = present(world.partitions.remove(name), name);
      Table table = gone.parent();
      table.rows.removeIf(
          row -> {
            Object id = row.get(table.id());
            return id instanceof Long number && gone.from() <= number && number < gone.to();
          });
      effect.add("dropped");
    }
  }

  record Rename(String table, String to) implements Step {
    @Override
    public String sql() {
      return "alter table %s rename to %s".formatted(quoted(table), quoted(to));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      world.freeRelationName(to);
      Table renamed = present(world.tables.remove(table), table);
      renamed.name = to;
      world.tables.put(to, renamed);
      effect.add("renamed");
    }
  }

  record Drop(String table) implements Step {
    @Override
    public String sql() {
      return "drop table " + quoted(table);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table gone = present(world.tables.remove(table), table);
      require(!world.isUsed(gone) && !world.isReferenced(gone), table + " is used");
      world.indexes.values().removeIf(gone.columns::containsValue);
      world.partitions.values().removeIf(partition -> partition.parent() == gone);
      effect.add("dropped");
    }
  }

  record AddColumn(String table, NewColumn column) implements Step {
    @Override
    public String sql() {
      return "alter table " + quoted(table) + " add column " + column.sql();
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table altered = world.table(table);
      require(!altered.columns.containsKey(column.name()), column.name() + " is there");
      Column added = column.in(world);
      altered.columns.put(column.name(), added);
      Object value = added.byDefault;
      if (value != null) {
        altered.rows.forEach(row -> row.put(added, value));
      }
      effect.add("added");
    }
  }

  record DropColumn(String table, String column) implements Step {
    @Override
    public String sql() {
      return "alter table %s drop column %s".formatted(quoted(table), quoted(column));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table altered = world.table(table);
      Column gone = altered.column(column);
      require(!world.isUsed(altered, gone), column + " is used");
      altered.columns.remove(column);
      altered.references.removeIf(reference -> reference.column() == gone);
      world.indexes.values().removeIf(each -> each == gone);
      effect.add("dropped");
    }
  }

  record RenameColumn(String table, String column, String to) implements Step {
    @Override
    public String sql() {
      return "alter table %s rename column %s to %s"
          .formatted(quoted(table), quoted(column), quoted(to));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table altered = world.table(table);
      Column renamed = altered.column(column);
      require(!altered.columns.containsKey(to), to + " is there");
      altered.columns.remove(column);
      renamed.name = to;
      altered.columns.put(to, renamed);
      effect.add("renamed");
    }
  }

  record Widen(String table, String column) implements Step {
    @Override
    public String sql() {
      return "alter table %s alter column %s type bigint".formatted(quoted(table), quoted(column));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table altered = world.table(table);
      Column widened = altered.column(column);
      require(!world.isUsed(altered, widened), column + " is used");
      effect.add("widened from " + widened.type);
      widened.type = "bigint";
    }
  }

  record SetNotNull(String table, String column) implements Step {
    @Override
    public String sql() {
      return "alter table %s alter column %s set not null".formatted(quoted(table), quoted(column));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table altered = world.table(table);
      Column filled = altered.column(column);
      effect.add("not null, before: " + filled.notNull);
      filled.notNull = true;
      world.check(altered);
    }
  }

  record AddReference(String name, String table, String column, String to) implements Step {
    @Override
    public String sql() {
      return "alter table %s add constraint %s foreign key (%s) references %s"
          .formatted(quoted(table), quoted(name), quoted(column), quoted(to));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table altered = world.table(table);
      Column from = altered.column(column);
      altered.references.add(new Reference(name, from, world.table(to)));
      world.check(altered);
      effect.add("referenced");
    }
  }

  record DropReference(String name, String table) implements Step {
    @Override
    public String sql() {
      return "alter table %s drop constraint %s".formatted(quoted(table), quoted(name));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      boolean gone =
          world.table(table).references.removeIf(reference -> reference.name().equals(name));
      require(gone, "no " + name);
      effect.add("dropped");
    }
  }

  record CreateIndex(String name, String table, String column, boolean concurrently)
      implements Step {
    @Override
    public String sql() {
      return "create index %s%s on %s (%s)"
          .formatted(
              concurrently ? "concurrently " : "", quoted(name), quoted(table), quoted(column));
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      world.freeRelationName(name);
      world.indexes.put(name, world.table(table).column(column));
      effect.add("created");
    }

    @Override
    public boolean needsNoTransaction() {
      return concurrently;
    }
  }

  record DropIndex(String name, boolean concurrently) implements Step {
    @Override
    public String sql() {
      return "drop index " + (concurrently ? "concurrently " : "") + quoted(name);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      present(world.indexes.remove(name), name);
      effect.add("dropped");
    }

    @Override
    public boolean needsNoTransaction() {
      return concurrently;
    }
  }

  record Comment(String table, @Nullable String column, String text) implements Step {
    @Override
    public String sql() {
      return column == null
          ? "comment on table %s is '%s'".formatted(quoted(table), text)
          : "comment on column %s.%s is '%s'".formatted(quoted(table), quoted(column), text);
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table commented = world.table(table);
      if (column != null) {
        commented.column(column);
      }
      effect.add("commented");
    }
  }

  record Grant(String table) implements Step {
    @Override
    public String sql() {
      return "grant select on " + quoted(table) + " to public";
    }

    @Override
    public void run(World world, List<String> effect) throws Impossible {
      Table granted = world.table(table);
      effect.add("granted, before: " + granted.granted);
      granted.granted = true;
    }
  }
}
