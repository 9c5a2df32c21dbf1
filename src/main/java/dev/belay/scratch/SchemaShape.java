package dev.belay.scratch;

import dev.belay.core.TableName;
import java.util.Map;
import java.util.Optional;

/**
 * What relations, columns, constraints and indexes there were at one moment of a replay, by their
 * oids, which stay the same whatever they are called.
 *
 * @param columns by their addresses
 */
public record SchemaShape(
    Map<Long, Relation> relations,
    Map<ObjectAddress, Column> columns,
    Map<Long, Constraint> constraints,
    Map<Long, Index> indexes) {
  public SchemaShape {
    relations = Map.copyOf(relations);
    columns = Map.copyOf(columns);
    constraints = Map.copyOf(constraints);
    indexes = Map.copyOf(indexes);
  }

  /**
   * A table, a view or the like; no index and no sequence.
   *
   * @param kind as {@code pg_class.relkind}
   * @param parent the oid of the table that it is a partition of; 0 for none
   */
  public record Relation(TableName name, String kind, long parent) {
    /** Whether it is a table, partitioned or not. */
    public boolean isTable() {
      return kind.equals("r") || kind.equals("p");
    }

    /** Whether rows of it lie on this server. */
    public boolean holdsRows() {
      return isTable() || kind.equals("m");
    }

    /** Whether it is a part of another table. */
    public boolean isPartition() {
      return parent != 0;
    }
  }

  /**
   * A column.
   *
   * @param type as it is written in SQL
   * @param filled whether rows that were there before it have a value by themselves
   */
  public record Column(String name, String type, boolean notNull, boolean filled) {}

  /**
   * A constraint of a table.
   *
   * @param kind as {@code pg_constraint.contype}
   * @param validated whether the rows that are there were checked
   * @param notNull the number of the column that it forbids to be null, and does nothing else; 0:
   *     it is no such check
   */
  public record Constraint(String name, long table, String kind, boolean validated, int notNull) {}

  /** An index of the table with that oid. */
  public record Index(TableName name, long table, boolean unique, boolean valid) {}

  /** The relation with that oid. */
  public Optional<Relation> relation(long oid) {
    return Optional.ofNullable(relations.get(oid));
  }

  /** The column at that address. */
  public Optional<Column> column(ObjectAddress address) {
    return Optional.ofNullable(columns.get(address));
  }

  /** The table of which a relation is a partition, of whatever depth, or itself. */
  public long root(long oid) {
    long root = oid;
    for (Optional<Relation> at = relation(root);
        at.isPresent() && at.get().isPartition();
        at = relation(root)) {
      root = at.get().parent();
    }
    return root;
  }

  /** Whether a relation of that name is there. */
  public boolean has(TableName name) {
    return relations.values().stream().anyMatch(relation -> relation.name().equals(name));
  }
}
