package dev.belay.postgres;

import java.util.Optional;

/**
 * What a server is.
 *
 * @param versionNumber as {@code server_version_num}: 150018 for 15.18
 * @param version as the server writes it
 * @param inRecovery whether it is a standby
 */
public record ServerInfo(int versionNumber, String version, boolean inRecovery) {
  private static final String QUERY =
      """
      select pg_catalog.current_setting('server_version_num')::integer,
             pg_catalog.current_setting('server_version'),
             pg_catalog.pg_is_in_recovery()
      """;

  /** The oldest server that is supported: floating point numbers print exactly since 12. */
  public static final int OLDEST_MAJOR = 12;

  /** Asks the server. */
  public static ServerInfo of(Database database) {
    return database.one(
        QUERY, row -> new ServerInfo(row.getInt(1), row.getString(2), row.getBoolean(3)));
  }

  /** Whether two of these identifiers are known to be of different servers. */
  public static boolean differ(Optional<String> one, Optional<String> other) {
    return one.isPresent() && other.isPresent() && !one.equals(other);
  }

  /** 15 for 15.18. */
  public int major() {
    return versionNumber / 10_000;
  }

  /**
   * The number that {@code initdb} gave the server, by which two servers are told apart; empty
   * where this role may not read it, as with some services.
   */
  public static Optional<String> systemIdentifier(Database session) {
    return session.test(
            "select pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute')")
        ? session.first(
            "select system_identifier::text from pg_catalog.pg_control_system()",
            row -> row.getString(1))
        : Optional.empty();
  }
}
