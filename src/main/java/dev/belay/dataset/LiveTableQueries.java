package dev.belay.dataset;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads tables, partitions, columns and keys from the catalogue. */
final class LiveTableQueries {
  /** Schemas whose names begin with pg_ are the server's own, temporary ones among them. */
  private static final String OF_USERS =
      """
         and c.relpersistence <> 't'
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
      """;

  /** To ask for the size of a table that is locked exclusively would be to wait for it. */
  private static final String RELATIONS =
      """
      select c.oid, n.nspname, c.relname, c.relkind, c.relispartition,
             case when c.oid = any (l.relations) then greatest(c.relpages, 0)
                  else coalesce(pg_catalog.pg_relation_size(c.oid), 0)
                         / pg_catalog.current_setting('block_size')::bigint end,
             case when c.oid = any (l.relations)
                  then greatest(c.relpages, 0)
                         * pg_catalog.current_setting('block_size')::bigint
                  else coalesce(pg_catalog.pg_table_size(c.oid), 0) end,
             coalesce(m.amname = 'heap', false),
             pg_catalog.has_schema_privilege(n.oid, 'usage')
               and pg_catalog.has_table_privilege(c.oid, 'select')
               and not (c.relrowsecurity and pg_catalog.row_security_active(c.oid)),
             exists (
               select from pg_catalog.pg_depend d
                where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                  and d.objid = c.oid
                  and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
                  and d.deptype = 'e')
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        left join pg_catalog.pg_am m on m.oid = c.relam
       cross join (
         select coalesce(pg_catalog.array_agg(k.relation), '{}')
           from pg_catalog.pg_locks k
          where k.locktype = 'relation'
            and k.mode = 'AccessExclusiveLock'
            and k.pid <> pg_catalog.pg_backend_pid()) l (relations)
       where c.relkind in ('r', 'p', 'f', 'v', 'm')
      """
          + OF_USERS;

  private static final String PARENTS =
      """
      select i.inhrelid, i.inhparent
        from pg_catalog.pg_inherits i
        join pg_catalog.pg_class c on c.oid = i.inhrelid
       where c.relispartition
         and c.relkind in ('r', 'p', 'f')
      """;

  private static final String COLUMNS =
      """
      select a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.atttypid,
             a.attnotnull, a.attidentity, a.attgenerated
        from pg_catalog.pg_attribute a
        join pg_catalog.pg_class c on c.oid = a.attrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p')
         and not c.relispartition
         and a.attnum > 0
         and not a.attisdropped
      """
          + OF_USERS
          + " order by a.attrelid, a.attnum";

  private static final String DOMAINS =
      "select oid, typbasetype from pg_catalog.pg_type where typtype = 'd'";

  private static final String KEYS =
      """
      select i.indrelid, a.attname
        from pg_catalog.pg_index i
        join pg_catalog.pg_class c on c.oid = i.indrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       cross join lateral pg_catalog.unnest(i.indkey) with ordinality k (attribute, number)
        join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attribute
       where i.indisprimary
         and k.number <= i.indnkeyatts
         and not c.relispartition
      """
          + OF_USERS
          + " order by i.indrelid, k.number";

  private record Relation(
      long oid,
      TableName name,
      String kind,
      boolean partition,
      long pages,
      long bytes,
      boolean heap,
      boolean readable,
      boolean ofExtension) {
    boolean hasRows() {
      return kind.equals("r");
    }
  }

  private record Link(long one, long other) {}

  private record Named(long table, String name) {}

  private record Column(
      long table,
      String name,
      String type,
      long typeNumber,
      boolean notNull,
      String identity,
      String generated) {}

  private LiveTableQueries() {}

  static LiveTables read(Database session) {
    // Ranges of pages are read directly since 14; before, each piece would read the whole table.
    boolean ranges = ServerInfo.of(session).major() >= 14;
    List<Relation> relations =
        session.list(
            RELATIONS,
            row ->
                new Relation(
                    row.getLong(1),
                    new TableName(row.getString(2), row.getString(3)),
                    row.getString(4),
                    row.getBoolean(5),
                    row.getLong(6),
                    row.getLong(7),
                    row.getBoolean(8),
                    row.getBoolean(9),
                    row.getBoolean(10)));
    Map<Long, Long> parents = links(session, PARENTS);
    Map<Long, List<ExportedColumn>> columns = columns(session);
    Map<Long, List<String>> keys = keys(session);
    Map<Long, List<Relation>> leaves = leaves(relations, parents);
    List<LiveTable> tables = new ArrayList<>();
    List<TableName> withoutRows = new ArrayList<>();
    for (Relation relation : relations) {
      if (relation.partition()) {
        continue;
      }
      if (!relation.hasRows() && !relation.kind().equals("p")) {
        withoutRows.add(relation.name());
        continue;
      }
      List<Relation> below =
          relation.hasRows() ? List.of(relation) : leaves.getOrDefault(relation.oid(), List.of());
      tables.add(
          new LiveTable(
              relation.name(),
              columns.getOrDefault(relation.oid(), List.of()),
              keys.getOrDefault(relation.oid(), List.of()),
              relation.ofExtension(),
              parts(relation, below, ranges),
              below.stream().filter(leaf -> !leaf.hasRows()).map(Relation::name).toList()));
    }
    tables.sort(Comparator.comparing(LiveTable::name));
    withoutRows.sort(Comparator.naturalOrder());
    return new LiveTables(tables, withoutRows);
  }

  /** A role may read a partitioned table and yet none of its partitions by name. */
  private static List<LiveTable.Part> parts(Relation table, List<Relation> below, boolean ranges) {
    List<Relation> withRows = below.stream().filter(Relation::hasRows).toList();
    if (table.hasRows() || withRows.stream().allMatch(Relation::readable)) {
      return withRows.stream()
          .map(
              part ->
                  new LiveTable.Part(
                      part.name(), part.pages(), part.bytes(), part.heap() && ranges, true))
          .toList();
    }
    long bytes = withRows.stream().mapToLong(Relation::bytes).sum();
    return List.of(new LiveTable.Part(table.name(), 0, bytes, false, false));
  }

  /** By the number of the partitioned table at the top, those below that have no partitions. */
  private static Map<Long, List<Relation>> leaves(
      List<Relation> relations, Map<Long, Long> parents) {
    Map<Long, List<Relation>> leaves = new HashMap<>();
    relations.stream()
        .filter(relation -> relation.partition() && !relation.kind().equals("p"))
        .sorted(Comparator.comparing(Relation::name))
        .forEach(
            leaf -> {
              long top = leaf.oid();
              for (Long above = parents.get(top); above != null; above = parents.get(top)) {
                top = above;
              }
              leaves.computeIfAbsent(top, number -> new ArrayList<>()).add(leaf);
            });
    return leaves;
  }

  private static Map<Long, Long> links(Database session, String sql) {
    Map<Long, Long> links = new HashMap<>();
    session
        .list(sql, row -> new Link(row.getLong(1), row.getLong(2)))
        .forEach(link -> links.put(link.one(), link.other()));
    return links;
  }

  private static Map<Long, List<String>> keys(Database session) {
    Map<Long, List<String>> keys = new HashMap<>();
    session
        .list(KEYS, row -> new Named(row.getLong(1), row.getString(2)))
        .forEach(
            column ->
                keys.computeIfAbsent(column.table(), table -> new ArrayList<>())
                    .add(column.name()));
    return keys;
  }

  private static Map<Long, List<ExportedColumn>> columns(Database session) {
    Map<Long, Long> domains = links(session, DOMAINS);
    Map<Long, List<ExportedColumn>> columns = new HashMap<>();
    session
        .list(
            COLUMNS,
            row ->
                new Column(
                    row.getLong(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getBoolean(5),
                    row.getString(6),
                    row.getString(7)))
        .forEach(
            column ->
                columns
                    .computeIfAbsent(column.table(), table -> new ArrayList<>())
                    .add(exported(column, domains)));
    return columns;
  }

  private static ExportedColumn exported(Column column, Map<Long, Long> domains) {
    long type = column.typeNumber();
    for (Long below = domains.get(type); below != null; below = domains.get(type)) {
      type = below;
    }
    return new ExportedColumn(
        column.name(),
        column.type(),
        !column.notNull(),
        switch (column.identity()) {
          case "a" -> Optional.of("always");
          case "d" -> Optional.of("by default");
          default -> Optional.empty();
        },
        column.generated().isEmpty() ? ValueForm.of(type) : ValueForm.OMITTED);
  }
}
