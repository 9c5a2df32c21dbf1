package dev.belay.scratch;

import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a server says how much room it has, and how much a database without rows takes. */
final class RoomQueries {
  private static final String TABLESPACES =
      """
      select pg_catalog.pg_tablespace_location(t.oid)
        from pg_catalog.pg_tablespace t
       where t.spcname not in ('pg_default', 'pg_global')
         and exists (select
                       from pg_catalog.pg_tablespace_databases(t.oid) as used (oid)
                       join pg_catalog.pg_database d on d.oid = used.oid
                      where d.datname = ?)
      """;

  /**
   * Every table and index has a page or two also where it is empty, and its rows in the catalogue.
   * Not the catalogue as it is: it may be bloated, and large objects, which are data, are in it.
   */
  private static final String OBJECTS =
      """
      select 2 * pg_catalog.current_setting('block_size')::bigint
               * (select pg_catalog.count(*)
                    from pg_catalog.pg_class c
                   where c.relkind in ('r', 'm', 'i', 't', 'S')
                     and c.oid >= 16384)
             + (select coalesce(pg_catalog.sum(pg_catalog.pg_column_size(p.prosrc)), 0)::bigint
                  from pg_catalog.pg_proc p
                 where p.oid >= 16384)
      """;

  /** Somewhat more than template0 takes, of which scratch databases are made. */
  private static final long NEW_DATABASE_BYTES = 10_000_000;

  private RoomQueries() {}

  /**
   * Size of a database with this one's schema and no rows, in bytes, about; it waits for no lock.
   */
  static long schemaBytes(Database live) {
    return NEW_DATABASE_BYTES + live.number(OBJECTS);
  }

  /**
   * Folders of the server, by its own names, on whose disks a copy of a database is written; none
   * when this role may not know.
   */
  static List<String> places(Database session, String database) {
    Optional<String> data =
        session
            .first(
                "select setting from pg_catalog.pg_settings where name = 'data_directory'",
                row -> Optional.ofNullable(row.getString(1)))
            .flatMap(setting -> setting);
    if (data.isEmpty()) {
      return List.of();
    }
    List<String> places = new ArrayList<>(List.of(data.get(), data.get() + "/pg_wal"));
    places.addAll(session.list(TABLESPACES, row -> row.getString(1), database));
    return places;
  }
}
