package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.postgres.Database;

/**
 * Makes the open transaction of a session one in which a script finds what it finds under Flyway:
 * the default schema first in the search path, before what the role and the database have there.
 */
public final class ScriptSession {
  private static final String SEARCH_PATH =
      """
      select pg_catalog.set_config(
               'search_path',
               case when pg_catalog.current_setting('search_path') in ('', '""')
                    then pg_catalog.quote_ident(n.nspname)
                    else pg_catalog.quote_ident(n.nspname) || ', '
                         || pg_catalog.current_setting('search_path') end,
               true)
        from pg_catalog.pg_namespace n
       where n.nspname = ?
      """;

  private ScriptSession() {}

  /** Begins; to be called again before each script, since one may change what the next finds. */
  public static void begin(Database session, AppSettings app) {
    // Within the transaction only, as with set local: reset gives what the server would give.
    session.execute("reset search_path");
    session.execute(SEARCH_PATH, app.historySchema());
  }

  /** The same outside of a transaction, until {@link #end}. */
  public static void beginOutside(Database session, AppSettings app) {
    session.execute("reset search_path");
    session.execute(SEARCH_PATH.replace("true)", "false)"), app.historySchema());
  }

  /** Puts back what Belay's own statements rely on. */
  public static void end(Database session) {
    session.execute("select pg_catalog.set_config('search_path', 'pg_catalog', false)");
  }
}
