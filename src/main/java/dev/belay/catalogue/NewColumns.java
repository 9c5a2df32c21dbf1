package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tables in which a column that is added cannot stand where it should. */
final class NewColumns {
  private final Catalogue expected;
  private final Catalogue actual;

  NewColumns(Catalogue expected, Catalogue actual) {
    this.expected = expected;
    this.actual = actual;
  }

  /** One for each such table. */
  List<String> remarks() {
    List<String> remarks = new ArrayList<>();
    for (SchemaObject table : expected.objects().values()) {
      ObjectKey key = table.key();
      boolean hasColumns =
          key.kind() == ObjectKind.TABLE
              || key.kind() == ObjectKind.FOREIGN_TABLE
              || key.kind() == ObjectKind.COMPOSITE_TYPE;
      if (hasColumns && actual.objects().containsKey(key) && !addedAtTheEnd(key)) {
        remarks.add(
            Step.remark(
                "a column is added to %s that should stand before others: no statement does that"
                    .formatted(key.plain())));
      }
    }
    return remarks;
  }

  private boolean addedAtTheEnd(ObjectKey table) {
    Set<ObjectKey> there = new HashSet<>();
    new TableSql(actual).columns(table).forEach(column -> there.add(column.key()));
    boolean added = false;
    for (SchemaObject column : new TableSql(expected).columns(table)) {
      boolean fresh = !there.contains(column.key());
      if (added && !fresh) {
        return false;
      }
      added |= fresh;
    }
    return true;
  }
}
