package dev.belay.integrity;

import dev.belay.core.TableName;
import java.util.List;

/** A table whose rows a dump holds, as its fingerprint is taken: name, columns, size, access. */
public final class TableShape {
  private final TableName name;
  private final List<ColumnShape> columns;
  private final long pages;
  private final long bytes;
  private final boolean divisible;
  private final double rows;

  /**
   * @param columns without dropped and generated ones
   * @param pages of its main part, when it was looked at
   * @param bytes its size with its TOAST table
   * @param divisible whether the server can read a range of its pages without reading the others
   * @param rows as the last ANALYZE saw them; 0 or less: not known
   */
  TableShape(
      TableName name,
      List<ColumnShape> columns,
      long pages,
      long bytes,
      boolean divisible,
      double rows) {
    this.rows = rows;
    this.name = name;
    this.columns = List.copyOf(columns);
    this.pages = pages;
    this.bytes = bytes;
    this.divisible = divisible;
  }

  /** Its name. */
  public TableName name() {
    return name;
  }

  /** Its size in bytes with its TOAST table, without indexes. */
  public long bytes() {
    return bytes;
  }

  List<ColumnShape> columns() {
    return columns;
  }

  long pages() {
    return pages;
  }

  double rows() {
    return rows;
  }

  boolean divisible() {
    return divisible;
  }
}
