package dev.belay.undo;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.SchemaShape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of the live database, found by the tables of the replay that stand for them: by the
 * names that those had before the first pending migration. Each is asked for once.
 */
public final class LiveTables {
  private final Database live;
  private final SchemaShape first;
  private final Map<TableName, Optional<LiveTable>> known = new HashMap<>();

  /**
   * @param first what there was in the replay before the first pending migration
   */
  public LiveTables(Database live, SchemaShape first) {
    this.live = live;
    this.first = first;
  }

  /** The live table of a relation of the replay; empty when a pending migration made it. */
  public Optional<LiveTable> of(long relation) {
    return first
        .relation(relation)
        .filter(SchemaShape.Relation::holdsRows)
        .flatMap(
            found ->
                known.computeIfAbsent(found.name(), name -> LiveTableQueries.table(live, name)));
  }

  /** What a column was called before the first pending migration; empty: one of them made it. */
  public Optional<String> column(ObjectAddress column) {
    return first.column(column).map(SchemaShape.Column::name);
  }

  /** Whether a relation was there before the first pending migration. */
  public boolean wasThere(long relation) {
    return first.relation(relation).isPresent();
  }

  /** How many partitions the replay has of a table. */
  public long partitions(long relation) {
    return first.relations().values().stream().filter(each -> each.parent() == relation).count();
  }

  /** Its rows, counted within the time. */
  public Amount rows(LiveTable table) {
    return table.rows().exact()
        ? table.rows()
        : LiveTableQueries.rows(live, table.name(), table.rows());
  }

  /** The rows of a table of that name; none where there is no such table. */
  public Amount rows(TableName name) {
    return LiveTableQueries.table(live, name).map(this::rows).orElseGet(() -> Amount.counted(0));
  }

  /** All tables of a schema that hold rows, or whose partitions do. */
  public List<TableName> in(String schema) {
    return LiveTableQueries.in(live, schema);
  }

  /** How many rows have a value in that column. */
  public Amount values(LiveTable table, String column) {
    return LiveTableQueries.values(live, table.name(), column, table.rows());
  }

  /** How many rows have none. */
  public Amount nulls(LiveTable table, String column) {
    return LiveTableQueries.nulls(live, table.name(), column, table.rows());
  }
}
