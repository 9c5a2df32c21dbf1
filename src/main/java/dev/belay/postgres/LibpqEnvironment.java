package dev.belay.postgres;

import dev.belay.core.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment of a libpq program (pg_dump, pg_restore, psql), so that it reaches the very
 * server that JDBC reaches, in the same way, with the password nowhere but there. Give such a
 * program {@code --no-password} too: then it never asks.
 */
public final class LibpqEnvironment {
  /** A path at which no file can ever be: keeps libpq from its default files. */
  private static final String NO_FILE = "/dev/null/none";

  /**
   * What would lead elsewhere, change what is read, or answer in place of what {@link #of} sets.
   * Variables that can only make libpq stricter about whom it talks to are left alone.
   */
  private static final Set<String> REMOVED =
      Set.of(
          "PGAPPNAME",
          "PGCLIENTENCODING",
          "PGCONNECT_TIMEOUT",
          "PGDATABASE",
          "PGDATESTYLE",
          "PGGEQO",
          "PGGSSENCMODE",
          "PGHOST",
          "PGHOSTADDR",
          "PGLOADBALANCEHOSTS",
          "PGOPTIONS",
          "PGPASSFILE",
          "PGPASSWORD",
          "PGPORT",
          "PGREQUIRESSL",
          "PGSERVICE",
          "PGSERVICEFILE",
          "PGSSLCERT",
          "PGSSLCOMPRESSION",
          "PGSSLKEY",
          "PGSSLMODE",
          "PGSSLNEGOTIATION",
          "PGSSLROOTCERT",
          "PGSYSCONFDIR",
          "PGTARGETSESSIONATTRS",
          "PGTZ",
          "PGUSER",
          "PG_COLOR",
          "PG_COLORS");

  private LibpqEnvironment() {}

  /**
   * The variables to set. PGCLIENTENCODING is not among them: a dump is in the database's own
   * encoding, the only one that also holds for a database of encoding SQL_ASCII.
   *
   * @param applicationName what {@code pg_stat_activity} shows; cut to 63 bytes as the server does
   * @param server the server that is reached, since an unknown setting would end the session
   */
  public static Map<String, String> of(Target target, String applicationName, ServerInfo server) {
    return of(target, applicationName, server, Pooler.NONE);
  }

  /**
   * The same for a target that may be behind a pooler. Poolers refuse a session that brings
   * settings along; pg_dump and pg_restore then still set the timeouts that matter by themselves.
   */
  public static Map<String, String> of(
      Target target, String applicationName, ServerInfo server, Pooler pooler) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("PGHOST", target.host());
    variables.put("PGPORT", String.valueOf(target.port()));
    variables.put("PGDATABASE", target.database());
    variables.put("PGUSER", target.user());
    target.password().ifPresent(secret -> variables.put("PGPASSWORD", secret.reveal()));
    // ~/.pgpass was read when the target was made; its answer must not differ now.
    variables.put("PGPASSFILE", NO_FILE);
    Encryption encryption = Encryption.of(target);
    variables.put("PGSSLMODE", encryption.mode());
    variables.put("PGSSLROOTCERT", encryption.root().orElse(NO_FILE));
    variables.put("PGSSLCERT", encryption.certificate().orElse(NO_FILE));
    variables.put("PGSSLKEY", encryption.key().orElse(NO_FILE));
    variables.put("PGGSSENCMODE", "disable");
    variables.put("PGAPPNAME", ApplicationName.fit(applicationName));
    variables.put("PGCONNECT_TIMEOUT", String.valueOf(target.connectTimeoutSeconds()));
    if (pooler == Pooler.NONE) {
      variables.put("PGOPTIONS", options(server));
    }
    return Collections.unmodifiableMap(variables);
  }

  /** The variables that a child must not inherit. */
  public static Set<String> removed() {
    return REMOVED;
  }

  /**
   * The target's database as one argument for programs that take it only there, such as {@code
   * pg_restore --dbname}: they would read a name with an equals sign or a URL as more than a name.
   */
  public static String databaseArgument(Target target) {
    String name = target.database().replace("\\", "\\\\").replace("'", "\\'");
    return "dbname='" + name + "'";
  }

  /** Timeouts of the role or the database would end a dump half-way. */
  private static String options(ServerInfo server) {
    List<String> settings = new ArrayList<>();
    settings.add("statement_timeout=0");
    settings.add("lock_timeout=0");
    settings.add("idle_in_transaction_session_timeout=0");
    settings.add("default_transaction_read_only=off");
    if (server.major() >= 14) {
      settings.add("idle_session_timeout=0");
    }
    if (server.major() >= 17) {
      settings.add("transaction_timeout=0");
    }
    return "-c " + String.join(" -c ", settings);
  }
}
