package dev.belay.integrity;

import dev.belay.core.Fingerprint;
import dev.belay.postgres.Database;
import java.math.BigInteger;
import java.util.Optional;

/** Sums up large objects. */
final class LargeObjectQueries {
  private static final String COUNT =
      "select pg_catalog.count(*) from pg_catalog.pg_largeobject_metadata";

  private static final String MAY_READ =
      "select pg_catalog.has_table_privilege('pg_catalog.pg_largeobject', 'select')";

  /**
   * Trimming works on both ends before server 14, so a byte in front keeps the zeros there. The
   * length is told apart from the content, since the zeros at an object's end are trimmed too.
   */
  private static final String PAGES =
      """
      select pg_catalog.count(*), coalesce(pg_catalog.sum(%s), 0)
        from (select loid, pageno,
                     pg_catalog.btrim(bytea '\\x01' || data, bytea '\\x00') as trimmed
                from pg_catalog.pg_largeobject) p
       where pg_catalog.octet_length(trimmed) > 1
      """
          .formatted(RowHash.hash("pg_catalog.concat_ws(E'\\x1f', 'page', loid, pageno, trimmed)"));

  private static final String LENGTHS =
      """
      select coalesce(pg_catalog.sum(%s), 0)
        from (select loid,
                     pg_catalog.max(
                       pageno::bigint * (pg_catalog.current_setting('block_size')::bigint / 4)
                         + pg_catalog.octet_length(data)) as bytes
                from pg_catalog.pg_largeobject
               group by loid) o
      """
          .formatted(RowHash.hash("pg_catalog.concat_ws(E'\\x1f', 'object', loid, bytes)"));

  private LargeObjectQueries() {}

  static long count(Database session) {
    return session.number(COUNT);
  }

  static LargeObjects read(Database session) {
    long count = count(session);
    return new LargeObjects(
        count, session.test(MAY_READ) ? Optional.of(content(session, count)) : Optional.empty());
  }

  private static Fingerprint content(Database session, long count) {
    if (count == 0) {
      return new Fingerprint(0, "0");
    }
    BigInteger lengths = session.one(LENGTHS, row -> row.getBigDecimal(1).toBigIntegerExact());
    return session.one(
        PAGES,
        row ->
            new Fingerprint(
                row.getLong(1), row.getBigDecimal(2).toBigIntegerExact().add(lengths).toString()));
  }
}
