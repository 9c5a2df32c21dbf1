package dev.belay.scratch;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a recorder asks the server, in the session of the migration. A row of the catalogue that a
 * transaction wrote carries its number in {@code xmin}, so that what changed is found without a
 * copy of the catalogue to compare with.
 */
final class RecorderQueries {
  /** Everything below was made by {@code initdb}, but for the schema public. */
  private static final int FIRST_OWN_OID = 16_384;

  /** The age that includes every row. */
  static final long EVERYTHING = Integer.MAX_VALUE;

  /**
   * A catalogue that holds objects, or rows that say more of an object elsewhere.
   *
   * @param catalog its name
   * @param owner SQL for the oid of the catalogue that lists the object
   * @param object SQL for the object's oid
   * @param part SQL for its part
   * @param row SQL for what of the row defines the object
   * @param where SQL for which rows count
   * @param storage SQL for the number of the file in which a relation lies
   * @param internal SQL for whether nobody wrote the object
   */
  private record Source(
      String catalog,
      String owner,
      String object,
      String part,
      String row,
      String where,
      String storage,
      String internal) {
    static Source objects(String catalog) {
      return new Source(
          catalog,
          "'pg_catalog." + catalog + "'::pg_catalog.regclass::pg_catalog.oid",
          "c.oid",
          "0",
          "pg_catalog.to_jsonb(c)::text",
          "c.oid >= " + FIRST_OWN_OID,
          "0",
          "false");
    }

    static Source more(String catalog, String of, String object) {
      return new Source(
          catalog,
          "'pg_catalog." + of + "'::pg_catalog.regclass::pg_catalog.oid",
          "c." + object,
          "0",
          "pg_catalog.to_jsonb(c)::text",
          "c." + object + " >= " + FIRST_OWN_OID,
          "0",
          "false");
    }

    Source row(String sql) {
      return new Source(catalog, owner, object, part, sql, where, storage, internal);
    }

    Source where(String sql) {
      return new Source(catalog, owner, object, part, row, sql, storage, internal);
    }

    Source internal(String sql) {
      return new Source(catalog, owner, object, part, row, where, storage, sql);
    }

    String changed() {
      return """
          select %s as owner, %s as object, %s as part, '%s' as source,
                 pg_catalog.md5(%s) as digest, (%s)::bigint as storage, %s as internal
            from pg_catalog.%s c
           where (%s) and pg_catalog.age(c.xmin) <= l.age"""
          .formatted(owner, object, part, catalog, row, storage, internal, catalog, where);
    }

    String count() {
      return "select '%s' as source, pg_catalog.count(*) as rows from pg_catalog.%s c where %s"
          .formatted(catalog, catalog, where);
    }

    String keys() {
      return "select %s, %s, %s from pg_catalog.%s c where %s"
          .formatted(owner, object, part, catalog, where);
    }
  }

  private static final List<Source> SOURCES = sources();

  private static List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    sources.add(Source.objects("pg_namespace").where("c.oid >= 16384 or c.oid = 2200"));
    sources.add(
        new Source(
            "pg_class",
            "1259::pg_catalog.oid",
            "c.oid",
            "0",
            // The rest of the row follows from other objects, or is a guess for the planner.
            """
            pg_catalog.jsonb_build_array(c.relname, c.relnamespace, c.reloftype, c.relowner, c.relam,
              c.reltablespace, c.relpersistence, c.relkind, c.relrowsecurity, c.relforcerowsecurity,
              c.relreplident, c.relispartition, c.relacl::text, c.reloptions, c.relpartbound::text)::text""",
            "c.oid >= 16384",
            "c.relfilenode",
            "c.relkind = 't' or c.relnamespace = 99"));
    sources.add(
        new Source(
            "pg_attribute",
            "1259::pg_catalog.oid",
            "c.attrelid",
            "c.attnum",
            "(pg_catalog.to_jsonb(c) - '{attcacheoff,attmissingval,atthasmissing}'::text[])::text",
            "c.attrelid >= 16384 and c.attnum > 0 and not c.attisdropped",
            "0",
            "false"));
    sources.add(Source.objects("pg_attrdef"));
    sources.add(Source.objects("pg_constraint"));
    sources.add(
        Source.objects("pg_type")
            .internal("(c.typrelid <> 0 or c.typcategory = 'A') and c.typtype <> 'd'"));
    sources.add(Source.objects("pg_enum"));
    sources.add(Source.objects("pg_proc"));
    sources.add(Source.objects("pg_trigger").internal("c.tgisinternal"));
    sources.add(Source.objects("pg_rewrite"));
    sources.add(Source.objects("pg_policy"));
    sources.add(Source.objects("pg_extension"));
    sources.add(Source.objects("pg_statistic_ext"));
    sources.add(Source.objects("pg_operator"));
    sources.add(Source.objects("pg_opclass"));
    sources.add(Source.objects("pg_opfamily"));
    sources.add(Source.objects("pg_cast"));
    sources.add(Source.objects("pg_collation"));
    sources.add(Source.objects("pg_conversion"));
    sources.add(Source.objects("pg_language"));
    sources.add(Source.objects("pg_transform"));
    sources.add(Source.objects("pg_am"));
    sources.add(Source.objects("pg_ts_config"));
    sources.add(Source.objects("pg_ts_dict"));
    sources.add(Source.objects("pg_ts_parser"));
    sources.add(Source.objects("pg_ts_template"));
    sources.add(Source.objects("pg_foreign_data_wrapper"));
    sources.add(Source.objects("pg_foreign_server"));
    sources.add(Source.objects("pg_publication"));
    sources.add(Source.objects("pg_publication_rel"));
    sources.add(Source.objects("pg_event_trigger"));
    sources.add(Source.objects("pg_default_acl"));
    sources.add(
        Source.more("pg_index", "pg_class", "indexrelid")
            .row("(pg_catalog.to_jsonb(c) - 'indcheckxmin')::text"));
    sources.add(Source.more("pg_sequence", "pg_class", "seqrelid"));
    sources.add(Source.more("pg_partitioned_table", "pg_class", "partrelid"));
    sources.add(Source.more("pg_foreign_table", "pg_class", "ftrelid"));
    sources.add(Source.more("pg_aggregate", "pg_proc", "aggfnoid"));
    sources.add(
        new Source(
            "pg_description",
            "c.classoid",
            "c.objoid",
            "c.objsubid",
            "c.description",
            "c.objoid >= 16384 or c.objoid = 2200",
            "0",
            "false"));
    return List.copyOf(sources);
  }

  /**
   * PostgreSQL cannot identify a label of an enum, and fails for what it does not know as an
   * object.
   */
  private static final String CHANGED =
      """
      select x.owner, x.object, x.part, x.source, x.digest, x.storage, x.internal,
             case when x.source = 'pg_enum' then 'enum value' else i.type end,
             case when x.source = 'pg_enum' then
                    (select pg_catalog.format('%%I.%%I.%%I', n.nspname, t.typname, e.enumlabel)
                       from pg_catalog.pg_enum e
                       join pg_catalog.pg_type t on t.oid = e.enumtypid
                       join pg_catalog.pg_namespace n on n.oid = t.typnamespace
                      where e.oid = x.object)
                  else i.identity end
        from (select ?::bigint as age) l
       cross join lateral (%s) x
        left join lateral pg_catalog.pg_identify_object(
                            case when x.source = 'pg_enum' then 1259 else x.owner end,
                            case when x.source = 'pg_enum' then 1259 else x.object end,
                            case when x.source = 'pg_enum' then 0 else x.part end) i on true
      """
          .formatted(String.join("\nunion all\n", SOURCES.stream().map(Source::changed).toList()));

  private static final String COUNTS =
      String.join("\nunion all\n", SOURCES.stream().map(Source::count).toList());

  /** Entries of objects that belong to another one in the same migration are of no interest. */
  private static final String REFERENCES =
      """
      select d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.refobjsubid
        from pg_catalog.pg_depend d
       where d.objid >= 16384 and d.refobjid >= 16384
         and (d.classid, d.objid) <> (d.refclassid, d.refobjid)
         and pg_catalog.age(d.xmin) <= ?
      """;

  private static final String LOCKS =
      """
      select l.relation, l.mode
        from pg_catalog.pg_locks l
       where l.pid = ?
         and l.locktype = 'relation'
         and l.relation >= 16384
         and l.database = (select d.oid from pg_catalog.pg_database d
                            where d.datname = pg_catalog.current_database())
      """;

  private static final String WAITS =
      """
      select exists (select from pg_catalog.pg_locks l
                      where l.pid = ? and l.locktype = 'relation' and not l.granted)
      """;

  private static final String ROWS =
      """
      select c.oid,
             pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid),
             pg_catalog.pg_stat_get_xact_tuples_updated(c.oid),
             pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)
        from pg_catalog.pg_class c
       where c.oid >= 16384 and c.relkind in ('r', 'f')
         and (pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) > 0
              or pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) > 0
              or pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) > 0)
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

  private RecorderQueries() {}

  /**
   * A row of the catalogue.
   *
   * @param source the catalogue that it is in
   * @param digest of what defines the object
   * @param storage the file of a relation; 0 for what has none
   */
  record CatalogRow(
      RecordedObject object, String source, String digest, long storage, String key) {}

  /** Rows changed in the transaction, so far. */
  record RowCounts(long inserted, long updated, long deleted) {
    static final RowCounts NONE = new RowCounts(0, 0, 0);
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

  /** Where the session is in time: rows written from now on are younger than this. */
  static long marker(Database session, boolean inTransaction) {
    return session.number(
        inTransaction
            ? "select pg_catalog.txid_current()"
            : "select pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot())");
  }

  /** The age, in transactions, of rows that were written since the marker was read. */
  static long ageOf(Database session, long marker) {
    long low = marker & 0xFFFFFFFFL;
    return session.number("select pg_catalog.age(?::text::pg_catalog.xid)", String.valueOf(low));
  }

  /** The number of the server process of the session. */
  static int pid(Database session) {
    return (int) session.number("select pg_catalog.pg_backend_pid()");
  }

  /** The rows of the catalogue that are not older than that. */
  static List<CatalogRow> changed(Database session, long age) {
    return session.list(CHANGED, RecorderQueries::catalogRow, age);
  }

  private static CatalogRow catalogRow(ResultSet row) throws SQLException {
    ObjectAddress address = new ObjectAddress(row.getLong(1), row.getLong(2), row.getInt(3));
    String type = row.getString(8);
    String identity = row.getString(9);
    String source = row.getString(4);
    boolean internal = row.getBoolean(7) || isInternal(type, identity);
    return new CatalogRow(
        new RecordedObject(
            address, type == null ? source : type, identity == null ? "" : identity, internal),
        source,
        row.getString(5),
        row.getLong(6),
        source + " " + address);
  }

  /** Columns of what has none that anybody wrote, and the rule that is a view's query. */
  private static boolean isInternal(@Nullable String type, @Nullable String identity) {
    return type != null
        && (type.startsWith("toast table")
            || type.equals("index column")
            || (type.equals("rule") && identity != null && identity.startsWith("\"_RETURN\" on ")));
  }

  /** How many rows that count each catalogue has. */
  static Map<String, Long> counts(Database session) {
    Map<String, Long> counts = new HashMap<>();
    session.list(COUNTS, row -> counts.put(row.getString(1), row.getLong(2)) == null);
    return counts;
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

  static List<ObjectReference> references(Database session, long age) {
    return session.list(
        REFERENCES,
        row ->
            new ObjectReference(
                new ObjectAddress(row.getLong(1), row.getLong(2), row.getInt(3)),
                new ObjectAddress(row.getLong(4), row.getLong(5), row.getInt(6))),
        age);
  }

  /** The relations of this database that a server process has locked, or waits for. */
  static Map<Long, Set<LockMode>> locks(Database session, int pid) {
    Map<Long, Set<LockMode>> locks = new HashMap<>();
    session.list(
        LOCKS,
        row ->
            locks
                .computeIfAbsent(row.getLong(1), relation -> new TreeSet<>())
                .add(LockMode.of(row.getString(2))),
        pid);
    return locks;
  }

  /** Whether the server process waits for the lock of a relation. */
  static boolean waitsForRelation(Database session, int pid) {
    return session.test(WAITS, pid);
  }

  /** Rows changed per table; may hold what the transaction before changed, too. */
  static Map<Long, RowCounts> rows(Database session) {
    Map<Long, RowCounts> rows = new HashMap<>();
    session.list(
        ROWS,
        row ->
            rows.put(row.getLong(1), new RowCounts(row.getLong(2), row.getLong(3), row.getLong(4)))
                == null);
    return rows;
  }
}
