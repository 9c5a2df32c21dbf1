package dev.belay.catalogue;

import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the system catalogues. The columns of a query that are not {@link #IDENTITY} are the
 * properties of the objects, by their names; null is a property that is not there.
 */
final class CatalogueQueries {
  private static final Set<String> IDENTITY =
      Set.of(
          "class",
          "oid",
          "part",
          "kind",
          "schema",
          "name",
          "member",
          "address",
          "creation",
          "position");

  /** Which of the catalogues that are mostly empty have something that is not the server's own. */
  private static final String PRESENT =
      """
      select 'access-methods' where exists (select from pg_catalog.pg_am where oid >= 16384)
      union all select 'aggregates'
       where exists (select from pg_catalog.pg_aggregate where aggfnoid >= 16384)
      union all select 'attributes' where exists (select from pg_catalog.pg_class where relkind = 'c')
      union all select 'casts' where exists (select from pg_catalog.pg_cast where oid >= 16384)
      union all select 'collations'
       where exists (select from pg_catalog.pg_collation where oid >= 16384)
      union all select 'conversions'
       where exists (select from pg_catalog.pg_conversion where oid >= 16384)
      union all select 'default-privileges' where exists (select from pg_catalog.pg_default_acl)
      union all select 'domain-constraints'
       where exists (select from pg_catalog.pg_constraint where contypid >= 16384)
      union all select 'event-triggers' where exists (select from pg_catalog.pg_event_trigger)
      union all select 'foreign-data' where exists (select from pg_catalog.pg_foreign_data_wrapper)
      union all select 'labels' where exists (select from pg_catalog.pg_seclabel)
      union all select 'languages' where exists (select from pg_catalog.pg_language where oid >= 16384)
      union all select 'operators' where exists (select from pg_catalog.pg_operator where oid >= 16384)
      union all select 'operator-classes'
       where exists (select from pg_catalog.pg_opfamily where oid >= 16384)
          or exists (select from pg_catalog.pg_opclass where oid >= 16384)
      union all select 'policies' where exists (select from pg_catalog.pg_policy)
      union all select 'publications' where exists (select from pg_catalog.pg_publication)
      union all select 'routines' where exists (select from pg_catalog.pg_proc where oid >= 16384)
      union all select 'rules'
       where exists (select from pg_catalog.pg_rewrite where oid >= 16384 and rulename <> '_RETURN')
      union all select 'sequences' where exists (select from pg_catalog.pg_sequence)
      union all select 'statistics' where exists (select from pg_catalog.pg_statistic_ext)
      union all select 'subscriptions' where exists (select from pg_catalog.pg_subscription)
      union all select 'text-search'
       where exists (select from pg_catalog.pg_ts_config where oid >= 16384)
          or exists (select from pg_catalog.pg_ts_dict where oid >= 16384)
          or exists (select from pg_catalog.pg_ts_template where oid >= 16384)
          or exists (select from pg_catalog.pg_ts_parser where oid >= 16384)
      union all select 'transforms' where exists (select from pg_catalog.pg_transform)
      union all select 'triggers' where exists (select from pg_catalog.pg_trigger)
      union all select 'types'
       where exists (select from pg_catalog.pg_type t
                      where t.oid >= 16384
                        and (t.typtype in ('e', 'd', 'r') or t.typtype = 'b' and t.typelem = 0))
          or exists (select from pg_catalog.pg_class where relkind = 'c')
          or exists (select from pg_catalog.pg_type where not typisdefined)
      """;

  private final Database session;
  private final int major;

  CatalogueQueries(Database session, int major) {
    this.session = session;
    this.major = major;
  }

  /** The object, or the part of one, that a row of any catalogue speaks of. */
  record Place(long catalogue, long oid, int part) {}

  /** An object and where it is. */
  record Found(Place place, SchemaObject object) {}

  /** Something that is said of an object. */
  record Said(Place of, String value) {}

  /** That one needs the other. */
  record Need(Place one, Place other) {}

  /** The names of the queries that have something to find. */
  List<String> present() {
    List<String> names = new ArrayList<>();
    names.addAll(
        List.of(
            "schemas",
            "extensions",
            "relations",
            "columns",
            "constraints",
            "indexes",
            "system-grants"));
    names.addAll(session.list(PRESENT, row -> row.getString(1)));
    return names;
  }

  List<Found> objects(String query) {
    Columns columns = new Columns(new ArrayList<>(), new ArrayList<>(), new HashSet<>());
    return session.list(QueryText.of(query, major), row -> found(row, columns));
  }

  List<Said> said(String query) {
    return session.list(
        QueryText.of(query, major), row -> new Said(place(row), row.getString("value")));
  }

  List<Need> needs() {
    return session.list(
        QueryText.of("dependencies", major),
        row ->
            new Need(
                new Place(row.getLong(1), row.getLong(2), 0),
                new Place(row.getLong(3), row.getLong(4), 0)));
  }

  private static Place place(ResultSet row) throws SQLException {
    return new Place(row.getLong("class"), row.getLong("oid"), row.getInt("part"));
  }

  /** The names of a query's columns, looked up once for all its rows. */
  private record Columns(List<String> properties, List<Integer> numbers, Set<String> identity) {}

  private static Found found(ResultSet row, Columns columns) throws SQLException {
    if (columns.identity().isEmpty()) {
      learn(row.getMetaData(), columns);
    }
    TreeMap<String, String> values = new TreeMap<>();
    for (int index = 0; index < columns.numbers().size(); index++) {
      String value = row.getString(columns.numbers().get(index));
      if (value != null) {
        values.put(columns.properties().get(index), value);
      }
    }
    return new Found(
        place(row),
        new SchemaObject(
            new ObjectKey(
                kind(row.getString("kind")),
                row.getString("schema"),
                row.getString("name"),
                row.getString("member")),
            values,
            maybe(row, "address", columns),
            maybe(row, "creation", columns),
            columns.identity().contains("position") ? row.getInt("position") : 0));
  }

  private static ObjectKind kind(String word) {
    return ObjectKind.of(word).orElseThrow(() -> new IllegalStateException("no kind " + word));
  }

  private static String maybe(ResultSet row, String column, Columns columns) throws SQLException {
    String value = columns.identity().contains(column) ? row.getString(column) : null;
    return value == null ? "" : value;
  }

  private static void learn(ResultSetMetaData row, Columns columns) throws SQLException {
    for (int column = 1; column <= row.getColumnCount(); column++) {
      String label = row.getColumnLabel(column);
      if (IDENTITY.contains(label)) {
        columns.identity().add(label);
      } else {
        columns.properties().add(label);
        columns.numbers().add(column);
      }
    }
  }
}
