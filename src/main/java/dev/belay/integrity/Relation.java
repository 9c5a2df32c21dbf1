package dev.belay.integrity;

import dev.belay.core.TableName;

/**
 * A table or view that checks go through.
 *
 * @param root the partitioned table that it is a partition of; else itself
 * @param pages of its main part, when it was looked at
 * @param rows as the last ANALYZE saw them; 0 or less: not known
 * @param bytes its size with its TOAST table
 * @param divisible whether the server can read a range of its pages without reading the others
 */
record Relation(
    long number,
    TableName name,
    TableName root,
    boolean view,
    long pages,
    double rows,
    long bytes,
    boolean divisible) {

  /** {@code table public.orders}. */
  String words() {
    return (view ? "view " : "table ") + name.plain();
  }
}
