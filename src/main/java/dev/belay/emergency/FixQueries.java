package dev.belay.emergency;

import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.emergency.FedSequence.Column;
import dev.belay.emergency.FedSequence.Place;
import dev.belay.postgres.Database;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What can be fixed, as the catalogue has it. */
final class FixQueries {
  /**
   * An index that no query may use.
   *
   * @param number of it in the catalogue
   * @param ready whether it is kept up to date with what is written
   * @param live whether it is not yet about to go
   * @param twin whether the table has another index that is defined alike
   * @param definition the statement that makes it
   */
  record InvalidIndex(
      long number,
      TableName name,
      TableName table,
      boolean unique,
      boolean partitioned,
      boolean replicaIdentity,
      boolean ofConstraint,
      boolean ready,
      boolean live,
      boolean twin,
      String definition) {}

  /**
   * A constraint that was never checked against the rows there are.
   *
   * @param owner its table, or its domain
   * @param type Postgres's letter: c for check, f for foreign key
   */
  record OpenConstraint(TableName owner, String name, boolean ofDomain, String type) {
    String validation() {
      return "alter %s %s validate constraint %s"
          .formatted(ofDomain ? "domain" : "table", owner, new Identifier(name));
    }

    /** The check that names the rows which break it. */
    String check() {
      return ofDomain
          ? "domain-violated"
          : type.equals("f") ? "foreign-key-orphan" : "check-violated";
    }
  }

  /** A transaction that was prepared and is not over. */
  record Prepared(String name, String owner, long seconds) {}

  private static final String INVALID_INDEXES =
      """
      select x.indexrelid::bigint, n.nspname, i.relname, tn.nspname, t.relname, x.indisunique,
             i.relkind = 'I', x.indisreplident,
             exists (select from pg_catalog.pg_constraint k where k.conindid = x.indexrelid
                      and k.contype in ('p', 'u', 'x')),
             x.indisready, x.indislive,
             exists (select from pg_catalog.pg_index y
                       join pg_catalog.pg_class o on o.oid = y.indexrelid
                      where y.indrelid = x.indrelid and y.indexrelid <> x.indexrelid
                        and o.relam = i.relam
                        and y.indisunique = x.indisunique
                        and y.indkey = x.indkey
                        and y.indclass = x.indclass
                        and y.indcollation = x.indcollation
                        and y.indoption = x.indoption
                        and pg_catalog.pg_get_expr(y.indexprs, y.indrelid)
                            is not distinct from pg_catalog.pg_get_expr(x.indexprs, x.indrelid)
                        and pg_catalog.pg_get_expr(y.indpred, y.indrelid)
                            is not distinct from pg_catalog.pg_get_expr(x.indpred, x.indrelid)),
             pg_catalog.pg_get_indexdef(x.indexrelid)
        from pg_catalog.pg_index x
        join pg_catalog.pg_class i on i.oid = x.indexrelid
        join pg_catalog.pg_namespace n on n.oid = i.relnamespace
        join pg_catalog.pg_class t on t.oid = x.indrelid
        join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
       where not (x.indisvalid and x.indisready and x.indislive)
         and i.relpersistence <> 't'
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and not exists (
               select from pg_catalog.pg_stat_progress_create_index p
                where p.datname = pg_catalog.current_database() and p.index_relid = x.indexrelid)
       order by 2, 3
      """;

  private static final String IS_INVALID =
      """
      select exists (
        select from pg_catalog.pg_index x
          join pg_catalog.pg_class i on i.oid = x.indexrelid
          join pg_catalog.pg_namespace n on n.oid = i.relnamespace
         where x.indexrelid = ?::bigint::oid and n.nspname = ? and i.relname = ?
           and not (x.indisvalid and x.indisready and x.indislive))
      """;

  /** What another role builds shows no table: then it may be this one. */
  private static final String BEING_BUILT =
      """
      select exists (
        select from pg_catalog.pg_stat_progress_create_index p
         where p.datname = pg_catalog.current_database()
           and coalesce(p.relid = (select c.oid from pg_catalog.pg_class c
                                     join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                                    where n.nspname = ? and c.relname = ?), true))
      """;

  /** Serial and identity columns own their sequence; a default may use any. */
  private static final String SEQUENCES =
      """
      with uses as (
        select d.refobjid as relation, d.refobjsubid as attribute, d.objid as sequence
          from pg_catalog.pg_depend d
         where d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjsubid > 0
           and d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
         union
        select e.adrelid, e.adnum, d.refobjid
          from pg_catalog.pg_attrdef e
          join pg_catalog.pg_depend d
            on d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and d.objid = e.oid
           and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      )
      select s.seqrelid::bigint, qn.nspname, q.relname, s.seqincrement, s.seqmin, s.seqmax,
             n.nspname, c.relname, a.attname,
             case a.atttypid when 'int2'::pg_catalog.regtype then -32768
                             when 'int4'::pg_catalog.regtype then -2147483648
                             else -9223372036854775808 end::bigint,
             case a.atttypid when 'int2'::pg_catalog.regtype then 32767
                             when 'int4'::pg_catalog.regtype then 2147483647
                             else 9223372036854775807 end::bigint
        from uses u
        join pg_catalog.pg_sequence s on s.seqrelid = u.sequence and not s.seqcycle
        join pg_catalog.pg_class q on q.oid = s.seqrelid and q.relpersistence <> 't'
        join pg_catalog.pg_namespace qn on qn.oid = q.relnamespace
        join pg_catalog.pg_class c on c.oid = u.relation and c.relkind in ('r', 'p')
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = u.attribute
         and not a.attisdropped
       where a.atttypid in ('int2'::pg_catalog.regtype, 'int4'::pg_catalog.regtype,
                            'int8'::pg_catalog.regtype, 'numeric'::pg_catalog.regtype)
       order by 2, 3, 7, 8, 9
      """;

  private static final String PLACE =
      """
      select last_value,
             case when is_called then last_value::numeric + ? else last_value end
        from %s
      """;

  private static final String FURTHEST =
      "select pg_catalog.%s(%s)::numeric from %s where %s between ?::bigint and ?::bigint";

  private static final String HAS = "select exists (select from %s where %s = ?::bigint)";

  private static final String OPEN_CONSTRAINTS =
      """
      select n.nspname, coalesce(c.relname, t.typname), k.conname, c.relname is null, k.contype::text
        from pg_catalog.pg_constraint k
        join pg_catalog.pg_namespace n on n.oid = k.connamespace
        left join pg_catalog.pg_class c on c.oid = k.conrelid
        left join pg_catalog.pg_type t on t.oid = k.contypid
       where not k.convalidated
         and k.contype in ('c', 'f', 'n')
         and coalesce(pg_catalog.to_jsonb(k) ->> 'conenforced', 'true') = 'true'
         and pg_catalog.left(n.nspname, 3) <> 'pg_'
         and n.nspname <> 'information_schema'
       order by 1, 2, 3
      """;

  private static final String PREPARED =
      """
      select p.gid, p.owner, extract(epoch from pg_catalog.clock_timestamp() - p.prepared)::bigint
        from pg_catalog.pg_prepared_xacts p
       where p.database = pg_catalog.current_database()
       order by p.prepared, p.gid
      """;

  private FixQueries() {}

  static List<InvalidIndex> invalidIndexes(Database session) {
    return session.list(
        INVALID_INDEXES,
        row ->
            new InvalidIndex(
                row.getLong(1),
                new TableName(row.getString(2), row.getString(3)),
                new TableName(row.getString(4), row.getString(5)),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getBoolean(9),
                row.getBoolean(10),
                row.getBoolean(11),
                row.getBoolean(12),
                row.getString(13)));
  }

  static List<InvalidIndex> invalidIndexes(Database session, TableName table) {
    return invalidIndexes(session).stream().filter(each -> each.table().equals(table)).toList();
  }

  static boolean isInvalid(Database session, long number, TableName name) {
    return session.test(IS_INVALID, number, name.schema(), name.table());
  }

  static boolean isBeingBuilt(Database session, TableName table) {
    return session.test(BEING_BUILT, table.schema(), table.table());
  }

  /** Every sequence that feeds columns of whole numbers, but for those that begin again. */
  static List<FedSequence> sequences(Database session) {
    Map<Long, FedSequence> all = new LinkedHashMap<>();
    session
        .list(
            SEQUENCES,
            row ->
                new FedSequence(
                    row.getLong(1),
                    new TableName(row.getString(2), row.getString(3)),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    List.of(
                        new Column(
                            new TableName(row.getString(7), row.getString(8)),
                            row.getString(9),
                            row.getLong(10),
                            row.getLong(11)))))
        .forEach(each -> all.merge(each.number(), each, FixQueries::both));
    return List.copyOf(all.values());
  }

  private static FedSequence both(FedSequence one, FedSequence other) {
    List<Column> columns = new ArrayList<>(one.columns());
    columns.addAll(other.columns());
    return new FedSequence(
        one.number(), one.name(), one.increment(), one.least(), one.most(), columns);
  }

  static Place place(Database session, FedSequence sequence) {
    return session.one(
        PLACE.formatted(sequence.name()),
        row -> new Place(row.getLong(1), row.getBigDecimal(2).toBigInteger()),
        sequence.increment());
  }

  /** The furthest value of a column that the sequence could have given. */
  static OptionalLong furthest(Database session, FedSequence sequence, Column column) {
    Identifier name = new Identifier(column.name());
    return session.one(
        FURTHEST.formatted(sequence.increment() > 0 ? "max" : "min", name, column.table(), name),
        row -> {
          BigDecimal value = row.getBigDecimal(1);
          return value == null ? OptionalLong.empty() : OptionalLong.of(value.longValue());
        },
        sequence.least(),
        sequence.most());
  }

  /** Whether a row has that value. */
  static boolean has(Database session, Column column, BigInteger value) {
    return session.test(
        HAS.formatted(column.table(), new Identifier(column.name())), value.longValueExact());
  }

  /**
   * No statement of this transaction takes longer from now on.
   *
   * @param longest zero: as long as it takes
   */
  static void limit(Database session, Duration longest) {
    session.execute(
        "select pg_catalog.set_config('statement_timeout', ?, true)", longest.toMillis() + "ms");
  }

  /** Nobody is given a value until the transaction ends; nothing of it is changed. */
  static void lock(Database session, FedSequence sequence) {
    session.execute(
        "alter sequence %s increment by %d".formatted(sequence.name(), sequence.increment()));
  }

  static void move(Database session, FedSequence sequence, long to) {
    session.number("select pg_catalog.setval(?::bigint::oid::regclass, ?)", sequence.number(), to);
  }

  static List<OpenConstraint> openConstraints(Database session) {
    return session.list(
        OPEN_CONSTRAINTS,
        row ->
            new OpenConstraint(
                new TableName(row.getString(1), row.getString(2)),
                row.getString(3),
                row.getBoolean(4),
                row.getString(5)));
  }

  static boolean isOpen(Database session, OpenConstraint constraint) {
    return openConstraints(session).contains(constraint);
  }

  static List<Prepared> prepared(Database session) {
    return session.list(
        PREPARED, row -> new Prepared(row.getString(1), row.getString(2), row.getLong(3)));
  }
}
