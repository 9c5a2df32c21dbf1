package dev.belay.migrations;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.SchemaShape;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of the live database, found by the tables of the replay that stand for them: by the
 * names that those had before the first pending migration. Each is asked for once.
 */
final class LiveTables {
  private final Database live;
  private final SchemaShape first;
  private final Map<TableName, Optional<LiveTable>> known = new HashMap<>();

  /**
   * @param first what there was in the replay before the first pending migration
   */
  LiveTables(Database live, SchemaShape first) {
    this.live = live;
    this.first = first;
  }

  /** The live table of a relation of the replay; empty when a pending migration made it. */
  Optional<LiveTable> of(long relation) {
    return first
        .relation(relation)
        .filter(SchemaShape.Relation::holdsRows)
        .flatMap(
            found -> known.computeIfAbsent(found.name(), name -> LiveQueries.table(live, name)));
  }

  /** What a column was called before the first pending migration; empty: one of them made it. */
  Optional<String> column(ObjectAddress column) {
    return first.column(column).map(SchemaShape.Column::name);
  }

  /** Whether a relation was there before the first pending migration. */
  boolean wasThere(long relation) {
    return first.relation(relation).isPresent();
  }

  /** How many partitions the replay has of a table. */
  long partitions(long relation) {
    return first.relations().values().stream().filter(each -> each.parent() == relation).count();
  }

  /** Its rows, counted within the time. */
  Amount rows(LiveTable table) {
    return table.rows().exact() ? table.rows() : LiveQueries.rows(live, table.name(), table.rows());
  }

  /** How many rows have a value in that column. */
  Amount values(LiveTable table, String column) {
    return LiveQueries.values(live, table.name(), column, table.rows());
  }

  /** How many rows have none. */
  Amount nulls(LiveTable table, String column) {
    return LiveQueries.nulls(live, table.name(), column, table.rows());
  }
}
