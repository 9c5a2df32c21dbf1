package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.diff.Relation;
import dev.belay.diff.RelationColumn;
import dev.belay.diff.Relations;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The statements of the probe: they work for any table, whatever its names, keys and types. */
final class ProbeQueries {
  private static final int KEYS = 100;
  private static final int MOST_COLUMNS = 200;

  private static final String NAMES =
      """
      select n.nspname, c.relname, pg_catalog.format('%I.%I', n.nspname, c.relname)
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p')
         and c.relpersistence <> 't'
         and not c.relispartition
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname not in ('information_schema', 'belay')
      """;

  private static final String LARGEST =
      """
      select n.nspname, c.relname
        from pg_catalog.pg_class c
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind = 'r'
         and c.relpersistence <> 't'
         and not c.relispartition
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname not in ('information_schema', 'belay')
       order by pg_catalog.pg_table_size(c.oid) desc, 1, 2
       limit ?
      """;

  private ProbeQueries() {}

  /** Tables by what the server calls them, quoted where that is needed. */
  static Map<String, TableName> names(Database session) {
    Map<String, TableName> names = new HashMap<>();
    session.list(
        NAMES,
        row ->
            names.put(row.getString(3), new TableName(row.getString(1), row.getString(2))) == null);
    return names;
  }

  static List<TableName> largest(Database session, int number) {
    return session.list(LARGEST, row -> new TableName(row.getString(1), row.getString(2)), number);
  }

  /**
   * The statements for a table as it is now, each of which was tried.
   *
   * @param notes is told what cannot be probed
   * @return empty when it is not there, or cannot be read
   */
  static Optional<ProbeTable> of(Database session, TableName name, List<String> notes) {
    Optional<Relation> found = Relations.find(session, name);
    if (found.isEmpty() || found.get().columns().isEmpty()) {
      return Optional.empty();
    }
    Relation relation = found.get();
    Failure last = null;
    for (boolean byKey : new boolean[] {true, false}) {
      if (byKey && relation.key().isEmpty()) {
        continue;
      }
      ProbeTable table = byKey ? byKey(session, relation) : byPlace(relation);
      try {
        session.list(table.read(), row -> true, table.key(0));
        return Optional.of(writable(session, table, notes));
      } catch (Failure cannot) {
        last = cannot;
      }
    }
    if (last != null) {
      notes.add("%s was not probed: %s".formatted(name.plain(), last.message()));
    }
    return Optional.empty();
  }

  private static ProbeTable writable(Database session, ProbeTable table, List<String> notes) {
    String write = table.write().orElse("");
    if (write.isEmpty()) {
      return table;
    }
    try {
      session.execute("begin");
      session.execute(write, table.key(0));
      return table;
    } catch (Failure cannot) {
      notes.add(
          "%s was only read by the probe: %s".formatted(table.name().plain(), cannot.message()));
      return new ProbeTable(table.name(), table.read(), Optional.empty(), table.keys());
    } finally {
      session.rollback();
    }
  }

  private static ProbeTable byKey(Database session, Relation relation) {
    List<RelationColumn> key =
        relation.key().stream().map(name -> relation.column(name).orElseThrow()).toList();
    String where =
        key.stream()
            .map(column -> quoted(column) + " = ?::text::" + column.type())
            .collect(Collectors.joining(" and "));
    List<List<String>> keys =
        session.list(
            "select %s from %s limit %d"
                .formatted(
                    key.stream()
                        .map(column -> quoted(column) + "::text")
                        .collect(Collectors.joining(", ")),
                    relation.from(),
                    KEYS),
            row -> {
              List<String> values = new ArrayList<>();
              for (int at = 1; at <= key.size(); at++) {
                values.add(row.getString(at));
              }
              return values;
            });
    return keys.isEmpty() ? byPlace(relation) : table(relation, where, keys);
  }

  /** A row by its place; of an empty table none, which takes the same locks. */
  private static ProbeTable byPlace(Relation relation) {
    String where =
        relation.partitioned()
            ? "(tableoid, ctid) = (select tableoid, ctid from %s limit 1)"
                .formatted(relation.from())
            : "ctid = (select ctid from %s limit 1)".formatted(relation.from());
    return table(relation, where, List.of());
  }

  private static ProbeTable table(Relation relation, String where, List<List<String>> keys) {
    String columns =
        relation.columns().stream()
            .limit(MOST_COLUMNS)
            .map(ProbeQueries::quoted)
            .collect(Collectors.joining(", "));
    String set =
        relation.columns().stream()
            .filter(column -> !column.generated())
            .filter(column -> column.identity() != RelationColumn.Identity.ALWAYS)
            .limit(MOST_COLUMNS)
            .map(column -> quoted(column) + " = " + quoted(column))
            .collect(Collectors.joining(", "));
    return new ProbeTable(
        relation.name(),
        "select %s from %s where %s limit 1".formatted(columns, relation.from(), where),
        set.isEmpty()
            ? Optional.empty()
            : Optional.of("update %s set %s where %s".formatted(relation.from(), set, where)),
        keys);
  }

  private static String quoted(RelationColumn column) {
    return new Identifier(column.name()).toString();
  }

  /** Reads once. */
  static void read(Database session, ProbeTable table, long number) {
    session.list(table.read(), row -> true, table.key(number));
  }

  /** Writes once, and takes it back. */
  static void write(Database session, ProbeTable table, long number) {
    session.execute("begin");
    try {
      session.execute(table.write().orElseThrow(), table.key(number));
    } finally {
      session.rollback();
    }
  }
}
