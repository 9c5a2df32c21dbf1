package dev.belay.dataset;

import dev.belay.core.TableName;
import java.util.List;

/**
 * A table of a database as an export sees it: a plain table, or a partitioned one with all its
 * partitions.
 *
 * @param columns in their order
 * @param primaryKey names of its columns, in their order in the key; empty: it has none
 * @param ofExtension whether an extension made it
 * @param parts where its rows are: itself, or its leaf partitions; the partitioned table itself
 *     where this role may not read each of these
 * @param foreignParts partitions whose rows are on another server
 */
public record LiveTable(
    TableName name,
    List<ExportedColumn> columns,
    List<String> primaryKey,
    boolean ofExtension,
    List<Part> parts,
    List<TableName> foreignParts) {
  public LiveTable {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    parts = List.copyOf(parts);
    foreignParts = List.copyOf(foreignParts);
  }

  /**
   * A relation with rows of the table.
   *
   * @param pages of its main part, when it was looked at
   * @param bytes its size with its TOAST table
   * @param divisible whether the server can read a range of its pages without reading the others
   * @param only whether it has the rows itself, and is not read through to its partitions
   */
  public record Part(TableName name, long pages, long bytes, boolean divisible, boolean only) {}

  /** Its size in bytes, without indexes. */
  public long bytes() {
    return parts.stream().mapToLong(Part::bytes).sum();
  }
}
