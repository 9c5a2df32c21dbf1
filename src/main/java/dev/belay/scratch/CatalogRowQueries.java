package dev.belay.scratch;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of the catalogue that were written lately: such a row carries the number of its
 * transaction in {@code xmin}, so that what changed is found without a copy of the catalogue to
 * compare with.
 */
final class CatalogRowQueries {
  /** The age that includes every row. */
  static final long EVERYTHING = Integer.MAX_VALUE;

  /** What belongs to a session alone. */
  private static final Pattern TEMPORARY =
      Pattern.compile("(?:^|^for | on )pg_(?:toast_)?temp(?:_\\d+)?(?:\\.|$)");

  private static final List<CatalogueSource> SOURCES = CatalogueSources.ALL;

  /** Entries of pg_depend, in the form of the others; parts of one object are of no interest. */
  private static final String REFERENCES =
      """
      select 'pg_depend', d.classid, d.objid, d.objsubid, d.refobjsubid::text, d.refobjid::bigint,
             d.deptype in ('a', 'i'), d.refclassid::text, ''
        from pg_catalog.pg_depend d
       where d.objid >= 16384 and d.refobjid >= 16384
         and (d.classid, d.objid) <> (d.refclassid, d.refobjid)
         and pg_catalog.age(d.xmin) <= $age\
      """;

  private static final String OWN =
      """
      select c.oid
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      union all
      select x.indexrelid
        from pg_catalog.pg_index x
        join pg_catalog.pg_class c on c.oid = x.indrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ?
      """;

  private CatalogRowQueries() {}

  /**
   * A row of the catalogue.
   *
   * @param source the catalogue that it is in
   * @param digest of what defines the object; null: of a column that was dropped
   * @param storage the file of a relation; 0 for what has none
   */
  record CatalogRow(
      RecordedObject object, String source, @Nullable String digest, long storage, String key) {
    /** Whether the row only says that something was there. */
    boolean isGone() {
      return digest == null;
    }
  }

  /** A table and its indexes. */
  static Set<Long> own(Database session, TableName table) {
    return Set.copyOf(
        session.list(
            OWN,
            row -> row.getLong(1),
            table.schema(),
            table.table(),
            table.schema(),
            table.table()));
  }

  /** The catalogues that hold objects. */
  static Set<String> catalogs() {
    return SOURCES.stream()
        .map(CatalogueSource::catalog)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What the catalogue says. */
  record Entries(List<CatalogRow> rows, List<ObjectReference> references) {}

  /**
   * The rows of some catalogues that are not older than that.
   *
   * @param catalogs their names; {@code pg_depend} may be among them
   * @param age in transactions
   * @param relations the relations that are known, by their oids; new ones are added
   */
  static Entries changed(
      Database session, Set<String> catalogs, long age, Map<Long, RecordedObject> relations) {
    List<String> parts = new ArrayList<>();
    SOURCES.stream()
        .filter(source -> catalogs.contains(source.catalog()))
        .map(CatalogueSource::changed)
        .forEach(parts::add);
    if (catalogs.contains("pg_depend")) {
      parts.add(REFERENCES);
    }
    List<CatalogRow> rows = new ArrayList<>();
    List<ObjectReference> references = new ArrayList<>();
    if (!parts.isEmpty()) {
      // The age as a number in the text would make each statement a new one to the server.
      String sql =
          "with l as materialized (select ?::bigint as age)\n"
              + String.join("\nunion all\n", parts).replace("$age", "(select age from l)");
      session.list(sql, row -> add(row, relations, rows, references), age);
    }
    return new Entries(rows, references);
  }

  private static boolean add(
      ResultSet row,
      Map<Long, RecordedObject> relations,
      List<CatalogRow> rows,
      List<ObjectReference> references)
      throws SQLException {
    String source = row.getString(1);
    ObjectAddress address = new ObjectAddress(row.getLong(2), row.getLong(3), row.getInt(4));
    if (source.equals("pg_depend")) {
      return references.add(
          new ObjectReference(
              address,
              new ObjectAddress(
                  Long.parseLong(row.getString(8)),
                  row.getLong(6),
                  Integer.parseInt(row.getString(5))),
              row.getBoolean(7)));
    }
    String type = row.getString(8);
    String identity = row.getString(9);
    boolean relationIsInternal = false;
    if (source.equals("pg_attribute")) {
      // Relations come first, so that a column knows its own.
      RecordedObject relation = relations.get(address.object());
      relationIsInternal = relation == null || relation.internal();
      type = relation == null ? "column" : relation.type() + " column";
      identity = (relation == null ? "" : relation.identity() + ".") + identity;
    }
    boolean internal = row.getBoolean(7) || isInternal(type, identity) || relationIsInternal;
    RecordedObject object =
        new RecordedObject(
            address, type == null ? source : type, identity == null ? "" : identity, internal);
    if (source.equals("pg_class")) {
      relations.put(address.object(), object);
    }
    return rows.add(
        new CatalogRow(object, source, row.getString(5), row.getLong(6), source + " " + address));
  }

  /**
   * Columns of what has none that anybody wrote, the rule that is a view's query, and what goes
   * with its session.
   */
  private static boolean isInternal(@Nullable String type, @Nullable String identity) {
    return type != null
        && (type.startsWith("toast table")
            || type.equals("index column")
            || (identity != null
                && (TEMPORARY.matcher(identity).find()
                    || (type.equals("rule") && identity.startsWith("\"_RETURN\" on ")))));
  }

  /** The keys of all rows of a catalogue. */
  static List<String> keys(Database session, String catalog) {
    String sql =
        SOURCES.stream()
            .filter(source -> source.catalog().equals(catalog))
            .findFirst()
            .orElseThrow()
            .keys();
    return session.list(
        sql,
        row -> catalog + " " + new ObjectAddress(row.getLong(1), row.getLong(2), row.getInt(3)));
  }
}
