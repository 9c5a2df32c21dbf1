package dev.belay.rehearse;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.ObjectKey;
import dev.belay.core.TableName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What repeatable migrations and callbacks changed after the versions: there, a difference is no
 * fault of those before them, and nobody sees one that is.
 */
final class Hidden {
  private final Set<ObjectKey> objects = new HashSet<>();
  private final Set<TableName> tables = new HashSet<>();
  private boolean largeObjects;

  /** They made the one out of the other. */
  void between(DataState before, DataState last) {
    objects.addAll(differing(before.schema(), last.schema()));
    objects.addAll(differing(last.schema(), before.schema()));
    tables.addAll(before.notIn(last));
    tables.addAll(last.notIn(before));
    largeObjects = !before.largeObjects().equals(last.largeObjects());
  }

  private static List<ObjectKey> differing(Catalogue one, Catalogue other) {
    return one.objects().entrySet().stream()
        .filter(each -> !each.getValue().equals(other.objects().get(each.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** They are not there any more. */
  void clear() {
    objects.clear();
    tables.clear();
    largeObjects = false;
  }

  boolean covers(ObjectKey object) {
    return objects.contains(object);
  }

  boolean covers(TableName table) {
    return tables.contains(table);
  }

  boolean coversLargeObjects() {
    return largeObjects;
  }

  /**
   * What of it a migration or its undo changed too, in words, and is not as it was.
   *
   * @param wanted before the migration
   * @param applied after it
   * @param before the undo
   * @param undone after the undo
   */
  List<String> touched(DataState wanted, DataState applied, DataState before, DataState undone) {
    List<String> touched = new ArrayList<>();
    for (TableName table : tables.stream().sorted().toList()) {
      if (!wanted.hasSame(table, undone)
          && !(wanted.hasSame(table, applied) && before.hasSame(table, undone))) {
        touched.add(table.plain());
      }
    }
    for (ObjectKey object : objects.stream().sorted().toList()) {
      if (!same(object, wanted, undone)
          && !(same(object, wanted, applied) && same(object, before, undone))) {
        touched.add(object.toString());
      }
    }
    if (largeObjects
        && !wanted.largeObjects().equals(undone.largeObjects())
        && !(wanted.largeObjects().equals(applied.largeObjects())
            && before.largeObjects().equals(undone.largeObjects()))) {
      touched.add(Lost.LARGE_OBJECTS);
    }
    return touched;
  }

  private static boolean same(ObjectKey object, DataState one, DataState other) {
    return Objects.equals(one.schema().objects().get(object), other.schema().objects().get(object));
  }
}
