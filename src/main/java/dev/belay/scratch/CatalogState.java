package dev.belay.scratch;

import dev.belay.postgres.Database;
import dev.belay.scratch.CatalogRowQueries.CatalogRow;
import dev.belay.scratch.CatalogRowQueries.Entries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * All objects of a database as they were after the last migration; what the next one changes is
 * found by comparison. Costs memory by the number of objects, not of rows.
 */
final class CatalogState {
  private final Map<String, CatalogRow> rows = new HashMap<>();
  private final Map<Long, RecordedObject> relations = new HashMap<>();

  /**
   * What changed.
   *
   * @param created not there before
   * @param changed there before, defined otherwise
   * @param dropped gone
   * @param moved relations in another file than before
   * @param references what was written of what needs what
   */
  record Change(
      List<RecordedObject> created,
      List<RecordedObject> changed,
      List<RecordedObject> dropped,
      List<RecordedObject> moved,
      List<ObjectReference> references) {}

  /** Everything that is there now. */
  static CatalogState of(Database session) {
    CatalogState state = new CatalogState();
    state.update(session, CatalogRowQueries.EVERYTHING);
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
        .filter(object -> object.isTable() && !object.internal())
        .toList();
  }

  /**
   * Takes over everything that is not older than that, wherever it is.
   *
   * @param age in transactions
   */
  Change update(Database session, long age) {
    Set<String> all = new HashSet<>(CatalogRowQueries.catalogs());
    Set<String> fewer = new HashSet<>();
    if (!rows.isEmpty()) {
      fewer.addAll(all);
    }
    all.add("pg_depend");
    return update(session, all, age, fewer);
  }

  /**
   * Takes over what is not older than that, of some catalogues.
   *
   * @param written catalogues with rows that are new or not as they were
   * @param age in transactions
   * @param deleted catalogues of which rows are gone
   */
  Change update(Database session, Set<String> written, long age, Set<String> deleted) {
    Entries entries = CatalogRowQueries.changed(session, written, age, relations);
    Map<ObjectAddress, RecordedObject> created = new LinkedHashMap<>();
    Map<ObjectAddress, RecordedObject> changed = new LinkedHashMap<>();
    List<RecordedObject> moved = new ArrayList<>();
    List<CatalogRow> gone = new ArrayList<>();
    for (CatalogRow row : entries.rows()) {
      if (row.isGone()) {
        CatalogRow last = rows.remove(row.key());
        if (last != null) {
          gone.add(last);
        }
        continue;
      }
      RecordedObject object = row.object();
      CatalogRow earlier = rows.put(row.key(), row);
      if (earlier == null) {
        // What a further catalogue says first of an object that was there is a change of it.
        Map<ObjectAddress, RecordedObject> which = isMain(row) ? created : changed;
        which.putIfAbsent(object.address(), object);
        continue;
      }
      if (!Objects.equals(earlier.digest(), row.digest())) {
        changed.putIfAbsent(object.address(), object);
        if (isQueryOfView(row)) {
          view(object).ifPresent(view -> changed.putIfAbsent(view.address(), view));
        }
      }
      if (earlier.storage() != row.storage()) {
        moved.add(object);
      }
      if (row.source().equals("pg_class")
          && !object.identity().equals(earlier.object().identity())) {
        renameColumns(object);
      }
    }
    Map<ObjectAddress, RecordedObject> dropped = new LinkedHashMap<>();
    gone.addAll(takeOutMissing(session, deleted));
    for (CatalogRow row : gone) {
      (isMain(row) ? dropped : changed).putIfAbsent(row.object().address(), row.object());
    }
    changed.keySet().removeAll(created.keySet());
    changed.keySet().removeAll(dropped.keySet());
    return new Change(
        List.copyOf(created.values()),
        List.copyOf(changed.values()),
        List.copyOf(dropped.values()),
        moved,
        entries.references());
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

  /** The query of a view is a rule to PostgreSQL; to people it is the view. */
  private static boolean isQueryOfView(CatalogRow row) {
    return row.source().equals("pg_rewrite") && row.object().internal();
  }

  private Optional<RecordedObject> view(RecordedObject query) {
    String name = query.identity().substring(query.identity().indexOf(" on ") + 4);
    return relations.values().stream()
        .filter(relation -> relation.identity().equals(name))
        .findFirst();
  }

  /** Rows of columns do not change with the name of their table. */
  private void renameColumns(RecordedObject relation) {
    rows.replaceAll((key, row) -> isColumnOf(relation, row) ? renamed(relation, row) : row);
  }

  private static boolean isColumnOf(RecordedObject relation, CatalogRow row) {
    return row.source().equals("pg_attribute")
        && row.object().address().whole().equals(relation.address());
  }

  private static CatalogRow renamed(RecordedObject relation, CatalogRow row) {
    RecordedObject column = row.object();
    String identity = relation.identity() + ColumnName.last(column.identity());
    return new CatalogRow(
        new RecordedObject(column.address(), column.type(), identity, column.internal()),
        row.source(),
        row.digest(),
        row.storage(),
        row.key());
  }

  private List<CatalogRow> takeOutMissing(Database session, Set<String> catalogs) {
    List<CatalogRow> missing = new ArrayList<>();
    for (String catalog : catalogs) {
      if (!CatalogRowQueries.catalogs().contains(catalog)) {
        continue;
      }
      Set<String> there = new HashSet<>(CatalogRowQueries.keys(session, catalog));
      rows.values().stream()
          .filter(row -> row.source().equals(catalog) && !there.contains(row.key()))
          .forEach(missing::add);
    }
    missing.forEach(row -> rows.remove(row.key()));
    return missing;
  }
}
