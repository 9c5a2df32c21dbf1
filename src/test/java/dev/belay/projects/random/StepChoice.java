package dev.belay.projects.random;

import dev.belay.projects.random.TableSteps.NewColumn;
import dev.belay.projects.random.World.Column;
import dev.belay.projects.random.World.Function;
import dev.belay.projects.random.World.Partition;
import dev.belay.projects.random.World.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Thinks of a next statement that could follow. It may turn out to be impossible. */
final class StepChoice {
  private static final List<String> ODD =
      List.of("%s", "%s", "%s", "%s \"quoted\"", "UPPER %s", "größe %s", "%s'; drop table x; --");

  private final Random random;
  private World world = new World();
  private int number;
  private final List<String> formerTables = new ArrayList<>();

  StepChoice(Random random) {
    this.random = random;
  }

  /** A statement for that world, or null when what it would need is not there. */
  @Nullable Step next(World now) {
    world = now;
    if (world.tables.values().stream().filter(table -> !table.partitioned).count() < 2) {
      return createTable();
    }
    List<Supplier<@Nullable Step>> kinds =
        List.of(
            this::createTable,
            this::addColumn,
            this::addColumn,
            this::dropColumn,
            this::renameColumn,
            this::widen,
            this::setNotNull,
            this::createIndex,
            this::dropIndex,
            this::addReference,
            this::dropReference,
            this::createView,
            this::createView,
            this::dropView,
            this::createFunction,
            this::createTrigger,
            this::dropFunction,
            this::createEnum,
            this::addLabel,
            this::createSequence,
            this::dropSequence,
            this::insert,
            this::insert,
            this::insert,
            this::insertIntoPartition,
            this::copy,
            this::update,
            this::update,
            this::delete,
            this::rename,
            this::dropTable,
            this::createPartitioned,
            this::createPartition,
            this::dropPartition,
            this::comment,
            this::grant);
    return pick(kinds).get();
  }

  /** A view for a repeatable migration. */
  @Nullable Step nextView(World now) {
    world = now;
    return createView();
  }

  private String name(String kind) {
    return pick(ODD).formatted(kind + ++number);
  }

  private Step createTable() {
    String name = name("t");
    if (!formerTables.isEmpty() && chance(40)) {
      name = pick(formerTables);
    }
    List<NewColumn> columns = new ArrayList<>();
    int wanted = 1 + random.nextInt(3);
    for (int column = 0; column < wanted; column++) {
      columns.add(newColumn());
    }
    return new TableSteps.Create(name, name("pk"), columns, false);
  }

  private NewColumn newColumn() {
    String name = name("c");
    int kind = random.nextInt(10);
    if (kind == 0 && !world.enums.isEmpty()) {
      return new NewColumn(name, pick(world.enums.keySet()), null, null, null);
    }
    if (kind == 1 && !world.sequences.isEmpty()) {
      return new NewColumn(name, "integer", null, pick(world.sequences.keySet()), null);
    }
    List<String> constants = functions(function -> isConstant(function));
    if (kind == 2 && !constants.isEmpty()) {
      return new NewColumn(name, "integer", null, null, pick(constants));
    }
    return kind < 5
        ? new NewColumn(name, "integer", (long) random.nextInt(3), null, null)
        : NewColumn.plain(name);
  }

  private Step addColumn() {
    return new TableSteps.AddColumn(ordinary().name, newColumn());
  }

  private @Nullable Step dropColumn() {
    Table table = ordinary();
    String column = pick(table.columns.keySet());
    return column.equals("id") ? null : new TableSteps.DropColumn(table.name, column);
  }

  private @Nullable Step renameColumn() {
    Table table = ordinary();
    String column = pick(table.columns.keySet());
    return column.equals("id") ? null : new TableSteps.RenameColumn(table.name, column, name("c"));
  }

  private @Nullable Step widen() {
    Table table = ordinary();
    String column = free(table);
    return column == null || hasDefault(table, column)
        ? null
        : new TableSteps.Widen(table.name, column);
  }

  private @Nullable Step setNotNull() {
    Table table = ordinary();
    String column = free(table);
    return column == null ? null : new TableSteps.SetNotNull(table.name, column);
  }

  private Step createIndex() {
    Table table = ordinary();
    return new TableSteps.CreateIndex(
        name("i"), table.name, pick(table.columns.keySet()), chance(40));
  }

  private @Nullable Step dropIndex() {
    return world.indexes.isEmpty()
        ? null
        : new TableSteps.DropIndex(pick(world.indexes.keySet()), chance(40));
  }

  private @Nullable Step addReference() {
    Table table = ordinary();
    String column = free(table);
    return column == null
        ? null
        : new TableSteps.AddReference(name("fk"), table.name, column, ordinary().name);
  }

  private @Nullable Step dropReference() {
    Table table = ordinary();
    return table.references.isEmpty()
        ? null
        : new TableSteps.DropReference(pick(table.references).name(), table.name);
  }

  private Step createView() {
    List<String> sources = new ArrayList<>(world.tables.keySet());
    sources.addAll(world.views.keySet());
    String source = pick(sources);
    return new OtherSteps.CreateView(name("v"), source, someColumns(source));
  }

  private List<String> someColumns(String source) {
    List<String> columns = new ArrayList<>(columns(source));
    while (columns.size() > 3 || (columns.size() > 1 && chance(30))) {
      columns.remove(random.nextInt(columns.size()));
    }
    return List.copyOf(columns);
  }

  private Collection<String> columns(String source) {
    try {
      return world.columnsOf(source).keySet();
    } catch (World.Impossible never) {
      throw new IllegalStateException(never);
    }
  }

  private @Nullable Step dropView() {
    return world.views.isEmpty() ? null : new OtherSteps.DropView(pick(world.views.keySet()));
  }

  private @Nullable Step createFunction() {
    int kind = random.nextInt(3);
    if (kind == 0) {
      return new OtherSteps.CreateConstant(name("f"));
    }
    if (kind == 1) {
      List<String> sources = new ArrayList<>(world.tables.keySet());
      sources.addAll(world.views.keySet());
      String source = pick(sources);
      return new OtherSteps.CreateQuery(name("f"), source, pick(columns(source)));
    }
    Table table = ordinary();
    String column = free(table);
    return column == null
        ? null
        : new OtherSteps.CreateTriggerFunction(name("f"), table.name, column);
  }

  private @Nullable Step createTrigger() {
    Table table = ordinary();
    List<String> triggers = functions(function -> function.targetTable != null);
    return triggers.isEmpty()
        ? null
        : new OtherSteps.CreateTrigger(name("g"), table.name, pick(triggers));
  }

  private @Nullable Step dropFunction() {
    return world.functions.isEmpty()
        ? null
        : new OtherSteps.DropFunction(pick(world.functions.keySet()));
  }

  private List<String> functions(Predicate<Function> which) {
    return world.functions.entrySet().stream()
        .filter(function -> which.test(function.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isConstant(Function function) {
    return function.source == null && function.targetTable == null;
  }

  private Step createEnum() {
    return new OtherSteps.CreateEnum(name("e"), List.of("a", "b"));
  }

  private @Nullable Step addLabel() {
    return world.enums.isEmpty()
        ? null
        : new OtherSteps.AddLabel(pick(world.enums.keySet()), "l" + ++number);
  }

  private Step createSequence() {
    return new OtherSteps.CreateSequence(name("s"));
  }

  private @Nullable Step dropSequence() {
    return world.sequences.isEmpty()
        ? null
        : new OtherSteps.DropSequence(pick(world.sequences.keySet()));
  }

  private Step insert() {
    Table table = ordinary();
    List<Long> ids = new ArrayList<>();
    int rows = 1 + random.nextInt(3);
    for (int row = 0; row < rows; row++) {
      ids.add((long) ++number);
    }
    for (Column column : table.columns.values()) {
      World.Labels labels = world.enums.get(column.type);
      if (labels != null && chance(70)) {
        return new RowSteps.Insert(
            table.name, ids, column.name, pick(new TreeSet<>(labels.labels)));
      }
      boolean referring =
          table.references.stream().anyMatch(reference -> reference.column() == column);
      if (referring && chance(70)) {
        return new RowSteps.Insert(table.name, ids, column.name, someValue(table, column));
      }
    }
    String column = free(table);
    return new RowSteps.Insert(
        table.name, ids, column, column == null ? 0L : someValue(table, table.columns.get(column)));
  }

  /** A value that a reference of the column allows, if it can be had. */
  private Long someValue(Table table, @Nullable Column column) {
    for (World.Reference reference : table.references) {
      if (reference.column() == column && !reference.to().rows.isEmpty()) {
        Object id = pick(reference.to().rows).get(reference.to().id());
        return (Long) id;
      }
    }
    return (long) random.nextInt(3);
  }

  private @Nullable Step insertIntoPartition() {
    if (world.partitions.isEmpty()) {
      return null;
    }
    Partition partition = pick(world.partitions.values());
    return new RowSteps.Insert(
        partition.parent().name, List.of(partition.from() + ++number), null, 0L);
  }

  private @Nullable Step copy() {
    Table from = ordinary();
    Table to = ordinary();
    String column = free(from);
    String into = free(to);
    return column == null || into == null || from == to
        ? null
        : new RowSteps.Copy(from.name, column, to.name, into, 100_000L * ++number);
  }

  private @Nullable Step update() {
    Table table = ordinary();
    String column = free(table);
    String where = free(table);
    if (column == null || where == null) {
      return null;
    }
    long value = someValue(table, table.columns.get(column));
    Long equals = chance(50) ? null : Long.valueOf(random.nextInt(3));
    return new RowSteps.Update(table.name, column, value, where, equals);
  }

  private @Nullable Step delete() {
    Table table = ordinary();
    String column = chance(50) ? "id" : free(table);
    if (column == null || table.rows.isEmpty()) {
      return null;
    }
    Object value = pick(table.rows).get(table.columns.get(column));
    return value == null ? null : new RowSteps.Delete(table.name, column, (Long) value);
  }

  private Step rename() {
    String table = ordinary().name;
    String to = name("t");
    formerTables.add(table);
    return new TableSteps.Rename(table, to);
  }

  private Step dropTable() {
    String table = ordinary().name;
    formerTables.add(table);
    return new TableSteps.Drop(table);
  }

  private Step createPartitioned() {
    return new TableSteps.Create(name("p"), name("pk"), List.of(NewColumn.plain(name("c"))), true);
  }

  private @Nullable Step createPartition() {
    List<Table> parents = world.tables.values().stream().filter(each -> each.partitioned).toList();
    if (parents.isEmpty()) {
      return null;
    }
    long from = 10_000L * ++number;
    return new TableSteps.CreatePartition(pick(parents).name, name("q"), from, from + 10_000);
  }

  private @Nullable Step dropPartition() {
    return world.partitions.isEmpty()
        ? null
        : new TableSteps.DropPartition(pick(world.partitions.keySet()));
  }

  private Step comment() {
    Table table = pick(world.tables.values());
    String column = chance(50) ? null : pick(table.columns.keySet());
    return new TableSteps.Comment(table.name, column, "note " + ++number);
  }

  private Step grant() {
    return new TableSteps.Grant(pick(world.tables.values()).name);
  }

  /** A table that is not partitioned. */
  private Table ordinary() {
    return pick(world.tables.values().stream().filter(table -> !table.partitioned).toList());
  }

  /** A column of numbers whose value is known, beside the id; null when there is none. */
  private @Nullable String free(Table table) {
    List<String> free =
        table.columns.values().stream()
            .filter(
                column ->
                    !column.name.equals("id")
                        && !world.enums.containsKey(column.type)
                        && column.sequence == null
                        && column.function == null)
            .map(column -> column.name)
            .toList();
    return free.isEmpty() ? null : pick(free);
  }

  private static boolean hasDefault(Table table, String column) {
    Column found = table.columns.get(column);
    return found != null && found.byDefault != null;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T pick(Collection<T> values) {
    return List.copyOf(values).get(random.nextInt(values.size()));
  }
}
