package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/** Reads and moves the sequences of merged tables. */
final class FedSequenceQueries {
  /** Those of serial and identity columns, and those that a default value names. */
  private static final String SEQUENCES =
      """
      select n.nspname, c.relname, x.relation::int8, a.attname,
             y.typcategory = 'N' and a.atttypid not in (700, 701),
             s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, s.seqcache
        from (select d.objid as sequence, d.refobjid as relation, d.refobjsubid as number
                from pg_catalog.pg_depend d
               where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 and d.deptype in ('a', 'i')
                 and d.refobjsubid > 0
              union
              select d.refobjid, f.adrelid, f.adnum
                from pg_catalog.pg_depend d
                join pg_catalog.pg_attrdef f on f.oid = d.objid
               where d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
                 and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
                 and d.deptype = 'n') x
        join pg_catalog.pg_class c on c.oid = x.sequence and c.relkind = 'S'
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_sequence s on s.seqrelid = c.oid
        join pg_catalog.pg_attribute a on a.attrelid = x.relation and a.attnum = x.number
        join pg_catalog.pg_type y on y.oid = a.atttypid
       where x.relation = any (?::oid[])
       order by n.nspname, c.relname, x.relation, a.attnum
      """;

  private FedSequenceQueries() {}

  static List<FedSequence> of(Database session, Collection<Long> tables) {
    return session.list(
        SEQUENCES,
        row ->
            new FedSequence(
                new TableName(row.getString(1), row.getString(2)),
                row.getLong(3),
                row.getString(4),
                row.getBoolean(5),
                row.getLong(6),
                row.getLong(7),
                row.getLong(8),
                row.getBoolean(9),
                row.getLong(10)),
        ForeignKeyQueries.array(tables));
  }

  /**
   * The last value, in the direction of the sequence, that rows of a stage have of those it gives.
   */
  static OptionalLong needed(
      Database session, FedSequence sequence, MergeTable table, Decision decision) {
    String value = "pg_catalog.concat(s." + table.staged(sequence.column()) + ")::numeric";
    return session.one(
        """
        select pg_catalog.%s(pg_catalog.trunc(v.value)::int8)
          from (select case when s.%s is distinct from null then %s end as value from %s s) v
         where v.value between %d and %d
        """
            .formatted(
                sequence.increment() < 0 ? "min" : "max",
                table.staged(sequence.column()),
                value,
                table.stage(decision),
                sequence.least(),
                sequence.greatest()),
        row -> {
          long found = row.getLong(1);
          return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(found);
        });
  }

  /** As it is now; sequences belong to no snapshot. */
  static FedSequence.Place place(Database session, TableName name) {
    return session.one(
        "select last_value, is_called from " + name,
        row -> new FedSequence.Place(row.getLong(1), row.getBoolean(2)));
  }

  static void take(Database session, TableName name, long values) {
    session.number(
        "select pg_catalog.count(pg_catalog.nextval("
            + Identifier.literal(name.toString())
            + "::pg_catalog.regclass)) from pg_catalog.generate_series(1, ?)",
        values);
  }

  static void set(Database session, TableName name, long value) {
    session.number(
        "select pg_catalog.setval("
            + Identifier.literal(name.toString())
            + "::pg_catalog.regclass, ?, true)",
        value);
  }
}
