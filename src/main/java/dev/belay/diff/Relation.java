package dev.belay.diff;

import dev.belay.core.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A table as it is compared: a plain one, or a partitioned one with all its partitions.
 *
 * @param oid its number in {@code pg_class}
 * @param columns in their order, without dropped ones
 * @param key the columns by which its rows are told apart: those of the primary key, else of a
 *     unique index over columns that are never null; empty: it has none
 * @param partitioned whether its rows lie in partitions
 * @param bytes its size with its TOAST tables and partitions, without indexes
 * @param rows as the last ANALYZE counted them; below zero: it never did
 * @param correlation how far the first key column and the order on the disk agree, from -1 to 1; 0
 *     where that is not known
 */
public record Relation(
    long oid,
    TableName name,
    List<RelationColumn> columns,
    List<String> key,
    boolean partitioned,
    long bytes,
    double rows,
    double correlation) {
  public Relation {
    columns = List.copyOf(columns);
    key = List.copyOf(key);
  }

  /** The column of that name. */
  public Optional<RelationColumn> column(String called) {
    return columns.stream().filter(column -> column.name().equals(called)).findFirst();
  }

  /** What {@code from} takes: without the tables that inherit from it, with its partitions. */
  public String from() {
    return (partitioned ? "" : "only ") + name;
  }
}
