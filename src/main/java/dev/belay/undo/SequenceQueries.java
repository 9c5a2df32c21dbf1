package dev.belay.undo;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads how far sequences are, and puts them back: no rollback does that. */
final class SequenceQueries {
  /** Each is read like a table, and locked as long as the statement runs. */
  private static final int AT_ONCE = 200;

  /** Those that start again by themselves are never behind. */
  private static final String SEQUENCES =
      """
      select c.oid::bigint, n.nspname, c.relname, s.seqincrement > 0,
             exists (select from pg_catalog.pg_depend d
                      where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                        and d.objid = c.oid and d.deptype in ('a', 'i')
                        and d.refclassid = d.classid and d.refobjsubid > 0)
        from pg_catalog.pg_sequence s
        join pg_catalog.pg_class c on c.oid = s.seqrelid
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where not s.seqcycle
         and c.relpersistence <> 't'
         and n.nspname not in ('pg_catalog', 'information_schema', 'belay')
         and pg_catalog.has_schema_privilege(n.oid, 'usage')
         and case when c.relkind = 'S'
                  then pg_catalog.has_sequence_privilege(c.oid, 'select') end
       order by c.oid
      """;

  private SequenceQueries() {}

  /**
   * A sequence.
   *
   * @param owned whether it goes with the column that it belongs to
   */
  record Sequence(long number, TableName name, boolean ascending, boolean owned) {}

  /**
   * How far a sequence is.
   *
   * @param called whether the value was given out; else it is the next
   */
  record Position(long value, boolean called) {
    boolean isBehind(Position other, boolean ascending) {
      int compared =
          ascending ? Long.compare(value, other.value) : Long.compare(other.value, value);
      return compared < 0 || (compared == 0 && !called && other.called);
    }
  }

  static List<Sequence> sequences(Database session) {
    return session.list(
        SEQUENCES,
        row ->
            new Sequence(
                row.getLong(1),
                new TableName(row.getString(2), row.getString(3)),
                row.getBoolean(4),
                row.getBoolean(5)));
  }

  /** By their numbers. */
  static Map<Long, Position> positions(Database session, List<Sequence> sequences) {
    Map<Long, Position> positions = new HashMap<>();
    for (int from = 0; from < sequences.size(); from += AT_ONCE) {
      String sql =
          sequences.subList(from, Math.min(from + AT_ONCE, sequences.size())).stream()
              .map(
                  each ->
                      "select %d::bigint, last_value, is_called from %s"
                          .formatted(each.number(), each.name()))
              .collect(Collectors.joining(" union all "));
      session.list(
          sql,
          row ->
              positions.put(row.getLong(1), new Position(row.getLong(2), row.getBoolean(3)))
                  == null);
    }
    return positions;
  }

  /** Puts a sequence back where it was, unless somebody has advanced it beyond that meanwhile. */
  static void putBack(Database session, Sequence sequence, Position was) {
    String value = sequence.ascending() ? "last_value" : "-last_value";
    String than = sequence.ascending() ? "?" : "-?";
    session.list(
        """
        select pg_catalog.setval(?::pg_catalog.oid::pg_catalog.regclass, ?, ?)
          from %s
         where %s < %s or (last_value = ? and not is_called and ?)
        """
            .formatted(sequence.name(), value, than),
        row -> row.getLong(1),
        sequence.number(),
        was.value(),
        was.called(),
        was.value(),
        was.value(),
        was.called());
  }

  static long largeObjects(Database session) {
    return session.number("select pg_catalog.count(*) from pg_catalog.pg_largeobject_metadata");
  }
}
