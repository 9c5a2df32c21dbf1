package dev.belay.backup;

import dev.belay.archive.DatabaseFacts;
import dev.belay.archive.ServerFacts;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.ServerInfo;
import dev.belay.swap.SavedProperties;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a manifest says of the database and its server. */
final class FactQueries {
  private static final String DATABASE =
      """
      select pg_catalog.pg_get_userbyid(d.datdba), pg_catalog.pg_database_size(d.oid)
        from pg_catalog.pg_database d
       where d.datname = current_database()
      """;

  /**
   * The roles that something in the database needs. pg_shdepend knows owners, grantees and the
   * roles of policies, but not the superuser that initdb made, so owners are asked for as well.
   */
  private static final String ROLES =
      """
      select r.rolname
        from pg_catalog.pg_shdepend s
        join pg_catalog.pg_roles r on r.oid = s.refobjid
       where s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
         and s.dbid = (select oid from pg_catalog.pg_database where datname = current_database())
         and r.rolname not like 'pg\\_%'
      union
      select pg_catalog.pg_get_userbyid(o.owner)
        from (select c.relowner from pg_catalog.pg_class c where c.oid >= 16384
              union
              select p.proowner from pg_catalog.pg_proc p where p.oid >= 16384
              union
              select t.typowner from pg_catalog.pg_type t where t.oid >= 16384
              union
              select n.nspowner from pg_catalog.pg_namespace n where n.oid >= 16384
              union
              select d.datdba from pg_catalog.pg_database d
               where d.datname = current_database()) o (owner)
       where pg_catalog.pg_get_userbyid(o.owner) not like 'pg\\_%'
       order by 1
      """;

  private FactQueries() {}

  /**
   * Names of databases are the same bytes in every database of a server, so one that is not of the
   * encoding of this one comes as other letters; its name is the one that it was reached by.
   */
  static DatabaseFacts database(Database session) {
    String asItComes = session.text("select current_database()");
    DatabaseLocale locale = DatabaseLocale.of(session, asItComes);
    SavedProperties properties = SavedProperties.of(session, asItComes);
    String name = session.target().database();
    return session.one(
        DATABASE,
        row ->
            new DatabaseFacts(
                name,
                session.target().toString(),
                row.getString(1),
                locale,
                row.getLong(2),
                Optional.of(properties)));
  }

  static ServerFacts server(Database session, ServerInfo server) {
    return new ServerFacts(
        ServerInfo.systemIdentifier(session), server.versionNumber(), server.version());
  }

  static Map<String, String> extensions(Database session) {
    Map<String, String> found = new TreeMap<>();
    session.list(
        "select extname, extversion from pg_catalog.pg_extension",
        row -> found.put(row.getString(1), row.getString(2)) == null);
    return found;
  }

  static List<String> roles(Database session) {
    return session.list(ROLES, row -> row.getString(1));
  }
}
