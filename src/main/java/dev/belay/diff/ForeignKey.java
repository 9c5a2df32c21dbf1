package dev.belay.diff;

import dev.belay.core.TableName;
import java.util.List;

/**
 * A foreign key, with the roots of partitions in their stead.
 *
 * @param child the table that refers
 * @param childFrom what {@code from} takes to read it
 * @param parent the table that is referred to
 * @param equal the operators that compare the columns, as SQL
 * @param onDelete {@code a} no action, {@code r} restrict, {@code c} cascade, {@code n} set null,
 *     {@code d} set default
 * @param onUpdate the same
 */
record ForeignKey(
    String name,
    long childOid,
    TableName child,
    String childFrom,
    long parentOid,
    TableName parent,
    List<String> childColumns,
    List<String> parentColumns,
    List<String> equal,
    String onDelete,
    String onUpdate) {
  ForeignKey {
    childColumns = List.copyOf(childColumns);
    parentColumns = List.copyOf(parentColumns);
    equal = List.copyOf(equal);
  }

  /** Whether removing a row of the parent removes or changes rows of the child. */
  boolean followsRemoval() {
    return "cnd".contains(onDelete);
  }

  /** Whether changing what is referred to changes rows of the child. */
  boolean followsChange() {
    return "cnd".contains(onUpdate);
  }
}
