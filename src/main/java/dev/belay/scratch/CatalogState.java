package dev.belay.scratch;

import dev.belay.postgres.Database;
import dev.belay.scratch.RecorderQueries.CatalogRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All objects of a database as they were after the last migration; what the next one changes is
 * found by comparison. Costs memory by the number of objects, not of rows.
 */
final class CatalogState {
  private final Map<String, CatalogRow> rows = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private final Map<Long, RecordedObject> relations = new HashMap<>();

  /**
   * What changed.
   *
   * @param created not there before
   * @param changed there before, defined otherwise
   * @param dropped gone
   * @param moved relations in another file than before
   */
  record Change(
      List<RecordedObject> created,
      List<RecordedObject> changed,
      List<RecordedObject> dropped,
      List<RecordedObject> moved) {}

  /** Everything that is there now. */
  static CatalogState of(Database session) {
    CatalogState state = new CatalogState();
    state.update(session, RecorderQueries.EVERYTHING);
    return state;
  }

  /** The relation with that oid, if it was there before or is there now. */
  Optional<RecordedObject> relation(long oid) {
    return Optional.ofNullable(relations.get(oid));
  }

  /** The tables that are there. */
  List<RecordedObject> tables() {
    return rows.values().stream()
        .filter(row -> row.source().equals("pg_class"))
        .map(CatalogRow::object)
        .filter(object -> object.type().equals("table"))
        .toList();
  }

  /**
   * Reads what is not older than that and takes it over.
   *
   * @param age in transactions
   */
  Change update(Database session, long age) {
    Map<ObjectAddress, RecordedObject> created = new LinkedHashMap<>();
    Map<ObjectAddress, RecordedObject> changed = new LinkedHashMap<>();
    List<RecordedObject> moved = new ArrayList<>();
    List<CatalogRow> changedViews = new ArrayList<>();
    for (CatalogRow row : RecorderQueries.changed(session, age)) {
      CatalogRow before = rows.put(row.key(), row);
      RecordedObject object = row.object();
      if (row.source().equals("pg_class")) {
        RecordedObject earlier = relations.put(object.address().object(), object);
        if (earlier != null && !earlier.identity().equals(object.identity())) {
          renameColumns(object);
        }
      } else if (isQueryOfView(row) && before != null) {
        changedViews.add(row);
      }
      if (before == null) {
        counts.merge(row.source(), 1L, Long::sum);
        // What a further catalogue says first of an object that was there is a change of it.
        Map<ObjectAddress, RecordedObject> which = isMain(row) ? created : changed;
        which.putIfAbsent(object.address(), object);
      } else if (!before.digest().equals(row.digest())) {
        changed.putIfAbsent(object.address(), object);
      }
      if (before != null && before.storage() != row.storage()) {
        moved.add(object);
      }
    }
    for (CatalogRow query : changedViews) {
      view(query).ifPresent(view -> changed.putIfAbsent(view.address(), view));
    }
    Map<ObjectAddress, RecordedObject> dropped = new LinkedHashMap<>();
    for (CatalogRow gone : takeOutMissing(session)) {
      (isMain(gone) ? dropped : changed).putIfAbsent(gone.object().address(), gone.object());
    }
    changed.keySet().removeAll(created.keySet());
    changed.keySet().removeAll(dropped.keySet());
    return new Change(
        List.copyOf(created.values()),
        List.copyOf(changed.values()),
        List.copyOf(dropped.values()),
        moved);
  }

  /** The query of a view is a rule to PostgreSQL; to people it is the view. */
  private static boolean isQueryOfView(CatalogRow row) {
    return row.source().equals("pg_rewrite") && row.object().internal();
  }

  private Optional<RecordedObject> view(CatalogRow query) {
    String identity = query.object().identity();
    String name = identity.substring(identity.indexOf(" on ") + 4);
    return relations.values().stream()
        .filter(relation -> relation.identity().equals(name))
        .findFirst();
  }

  /** Rows of columns do not change with the name of their table. */
  private void renameColumns(RecordedObject relation) {
    rows.replaceAll(
        (key, row) -> {
          ObjectAddress address = row.object().address();
          boolean column =
              address.part() > 0
                  && address.whole().equals(relation.address())
                  && address.isOfRelation();
          if (!column) {
            return row;
          }
          String identity = row.object().identity();
          RecordedObject renamed =
              new RecordedObject(
                  address,
                  row.object().type(),
                  relation.identity() + ColumnName.last(identity),
                  row.object().internal());
          return new CatalogRow(renamed, row.source(), row.digest(), row.storage(), row.key());
        });
  }

  /** Whether the row makes the object, and does not only say more of it. */
  private static boolean isMain(CatalogRow row) {
    return switch (row.source()) {
      case "pg_index",
          "pg_sequence",
          "pg_partitioned_table",
          "pg_foreign_table",
          "pg_aggregate",
          "pg_description" ->
          false;
      default -> true;
    };
  }

  /** The keys of a catalogue are read only when it has fewer rows than it would have. */
  private List<CatalogRow> takeOutMissing(Database session) {
    List<CatalogRow> missing = new ArrayList<>();
    for (Map.Entry<String, Long> now : RecorderQueries.counts(session).entrySet()) {
      String catalog = now.getKey();
      if (now.getValue() >= counts.getOrDefault(catalog, 0L)) {
        counts.put(catalog, now.getValue());
        continue;
      }
      Set<String> there = new HashSet<>(RecorderQueries.keys(session, catalog));
      rows.values().stream()
          .filter(row -> row.source().equals(catalog) && !there.contains(row.key()))
          .forEach(missing::add);
      counts.put(catalog, now.getValue());
    }
    missing.forEach(row -> rows.remove(row.key()));
    return missing;
  }
}
