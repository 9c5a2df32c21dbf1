package dev.belay.projects.random;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model of a database, as far as the steps of a {@link RandomProject} can see it: which objects
 * there are, which of them hold one another, and every row. What fails in PostgreSQL fails here.
 */
final class World {
  /** A statement that the server would not accept. */
  static final class Impossible extends Exception {
    private static final long serialVersionUID = 1;

    Impossible(String why) {
      super(why);
    }
  }

  /** A column; views, indexes and rows hold on to it whatever it is called. */
  static final class Column {
    String name;
    String type;
    boolean notNull;
    final @Nullable Object byDefault;
    final @Nullable Sequence sequence;
    final @Nullable Function function;

    Column(
        String name,
        String type,
        @Nullable Object byDefault,
        @Nullable Sequence sequence,
        @Nullable Function function) {
      this.name = name;
      this.type = type;
      this.byDefault = byDefault;
      this.sequence = sequence;
      this.function = function;
    }
  }

  /** A sequence, of which only its being there matters. */
  static final class Sequence {}

  /** An enum and its labels. */
  static final class Labels {
    final Set<String> labels = new HashSet<>();
  }

  /**
   * A function: with a source, a query with a body that the server knows; with a target, a trigger
   * that updates whatever table has that name when it is fired; with neither, a constant.
   */
  static final class Function {
    final @Nullable Object source;
    final @Nullable Column column;
    final @Nullable String targetTable;
    final @Nullable String targetColumn;

    Function(
        @Nullable Object source,
        @Nullable Column column,
        @Nullable String targetTable,
        @Nullable String targetColumn) {
      this.source = source;
      this.column = column;
      this.targetTable = targetTable;
      this.targetColumn = targetColumn;
    }
  }

  /** A view of some columns of a table or of another view. */
  record View(Object source, Map<String, Column> columns) {
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /** A foreign key. */
  record Reference(String name, Column column, Table to) {}

  /** Rows of a partitioned table from one id to another. */
  record Partition(Table parent, long from, long to) {}

  /** A table with all its rows. */
  static final class Table {
    String name;
    final Map<String, Column> columns = new LinkedHashMap<>();
    final List<Map<Column, Object>> rows = new ArrayList<>();
    final List<Reference> references = new ArrayList<>();
    final List<Function> triggers = new ArrayList<>();
    final boolean partitioned;
    boolean granted;

    Table(String name, boolean partitioned) {
      this.name = name;
      this.partitioned = partitioned;
    }

    Column column(String name) throws Impossible {
      return present(columns.get(name), name);
    }

    Column id() {
      return Objects.requireNonNull(columns.get("id"));
    }
  }

  final Map<String, Table> tables = new LinkedHashMap<>();
  final Map<String, View> views = new LinkedHashMap<>();
  final Map<String, Sequence> sequences = new LinkedHashMap<>();
  final Map<String, Labels> enums = new LinkedHashMap<>();
  final Map<String, Function> functions = new LinkedHashMap<>();
  final Map<String, Column> indexes = new LinkedHashMap<>();
  final Map<String, Partition> partitions = new LinkedHashMap<>();

  static <T> T present(@Nullable T thing, String name) throws Impossible {
    if (thing == null) {
      throw new Impossible("no " + name);
    }
    return thing;
  }

  static void require(boolean condition, String why) throws Impossible {
    if (!condition) {
      throw new Impossible(why);
    }
  }

  Table table(String name) throws Impossible {
    return present(tables.get(name), name);
  }

  /** The columns that a query finds under that name, by their names. */
  Map<String, Column> columnsOf(String relation) throws Impossible {
    View view = views.get(relation);
    return view != null ? view.columns() : table(relation).columns;
  }

  Object relation(String name) throws Impossible {
    View view = views.get(name);
    return view != null ? view : table(name);
  }

  /** Whether a view or a function with a known body is made of that table or view. */
  boolean isUsed(Object relation) {
    return views.values().stream().anyMatch(view -> view.source() == relation)
        || functions.values().stream().anyMatch(function -> function.source == relation);
  }

  /** Whether a view or a function with a known body is made of that column of that table. */
  boolean isUsed(Table table, Column column) {
    return views.values().stream()
            .anyMatch(view -> view.source() == table && view.columns().containsValue(column))
        || functions.values().stream()
            .anyMatch(function -> function.source == table && function.column == column);
  }

  boolean isReferenced(Table table) {
    return tables.values().stream()
        .anyMatch(
            other ->
                other != table
                    && other.references.stream().anyMatch(reference -> reference.to() == table));
  }

  boolean isDefault(@Nullable Object thing) {
    return tables.values().stream()
        .flatMap(table -> table.columns.values().stream())
        .anyMatch(column -> column.sequence == thing || column.function == thing);
  }

  void freeRelationName(String name) throws Impossible {
    boolean taken =
        tables.containsKey(name)
            || views.containsKey(name)
            || sequences.containsKey(name)
            || indexes.containsKey(name)
            || partitions.containsKey(name);
    require(!taken, name + " is there already");
  }

  /** That every row of that table keeps the table's promises, and those made about it. */
  void check(Table table) throws Impossible {
    Set<Object> ids = new HashSet<>();
    for (Map<Column, Object> row : table.rows) {
      require(ids.add(row.get(table.id())), "an id twice");
      for (Column column : table.columns.values()) {
        require(!column.notNull || row.get(column) != null, column.name + " is null");
      }
    }
    for (Table other : tables.values()) {
      for (Reference reference : other.references) {
        if (other == table || reference.to() == table) {
          checkReference(other, reference);
        }
      }
    }
  }

  private static void checkReference(Table table, Reference reference) throws Impossible {
    Set<Object> ids = new HashSet<>();
    reference.to().rows.forEach(row -> ids.add(row.get(reference.to().id())));
    for (Map<Column, Object> row : table.rows) {
      Object value = row.get(reference.column());
      require(value == null || ids.contains(value), "no row " + value);
    }
  }

  /**
   * Inserts rows, and then fires the triggers for each of them.
   *
   * @param counts rows changed by what was done and table, added to
   */
  void insert(Table table, List<Map<Column, Object>> rows, Map<String, Long> counts)
      throws Impossible {
    for (Map<Column, Object> row : rows) {
      for (Column column : table.columns.values()) {
        if (!row.containsKey(column) && column.byDefault != null) {
          row.put(column, column.byDefault);
        }
      }
      table.rows.add(row);
      counts.merge("inserts into " + placeOf(table, row), 1L, Long::sum);
    }
    check(table);
    for (int row = 0; row < rows.size(); row++) {
      for (Function trigger : table.triggers) {
        fire(trigger, counts);
      }
    }
  }

  private void fire(Function trigger, Map<String, Long> counts) throws Impossible {
    String name = Objects.requireNonNull(trigger.targetTable);
    Table target = table(name);
    Column column = target.column(Objects.requireNonNull(trigger.targetColumn));
    for (Map<Column, Object> each : target.rows) {
      each.merge(column, 1L, (old, one) -> (Long) old + 1);
      counts.merge("updates of " + name, 1L, Long::sum);
    }
    check(target);
  }

  private String placeOf(Table table, Map<Column, Object> row) throws Impossible {
    if (!table.partitioned) {
      return table.name;
    }
    long id = (Long) Objects.requireNonNull(row.get(table.id()));
    for (Map.Entry<String, Partition> partition : partitions.entrySet()) {
      Partition range = partition.getValue();
      if (range.parent() == table && range.from() <= id && id < range.to()) {
        return partition.getKey();
      }
    }
    throw new Impossible("no partition for " + id);
  }
}
