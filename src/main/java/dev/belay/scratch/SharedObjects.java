package dev.belay.scratch;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerError;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps a replay from what all databases of a server share: roles, other databases, tablespaces,
 * settings. Otherwise the password that a migration of last year gives a role would be the live one
 * again.
 */
final class SharedObjects {
  /** A command that is not allowed in a transaction block: the server says its name first. */
  private static final String ACTIVE_TRANSACTION = "25001";

  /** A procedure, or a block, would have ended the transaction. */
  private static final String INVALID_TERMINATION = "2D000";

  private static final Pattern COMMAND = Pattern.compile("^([A-Z][A-Z ]*[A-Z])\\b");

  /** Commands that run only outside a transaction and stay in their database. */
  private static final List<String> STAYING =
      List.of(
          "ALTER TABLE",
          "ALTER TYPE",
          "ANALYZE",
          "CLUSTER",
          "CREATE INDEX",
          "DISCARD",
          "DROP INDEX",
          "REFRESH MATERIALIZED VIEW",
          "REINDEX",
          "VACUUM");

  private SharedObjects() {}

  /**
   * Looks at what the open transaction did so far.
   *
   * @param script the migration
   * @throws Failure REFUSED when it wrote anything that is shared; Flyway then rolls it back
   */
  static void check(Database session, String script) {
    refuse(script, SharedObjectQueries.written(session));
  }

  /**
   * Tries a statement that is to run outside a transaction inside of one, which is rolled back: the
   * server refuses such a command, and names it, before it does anything.
   *
   * @throws Failure REFUSED when it reaches beyond the database
   */
  static void probe(Database session, String script, String statement) {
    SharedObjectQueries.Try outcome = SharedObjectQueries.tried(session, statement);
    outcome
        .error()
        .filter(error -> error.state().equals(ACTIVE_TRANSACTION))
        .map(SharedObjects::command)
        .filter(command -> STAYING.stream().noneMatch(command::startsWith))
        .ifPresent(command -> refuse(script, List.of(command)));
    refuse(script, outcome.written());
    boolean commits =
        outcome.error().filter(error -> error.state().equals(INVALID_TERMINATION)).isPresent();
    if (commits && mayReachBeyond(session, statement)) {
      throw Failure.refused(
          script
              + " runs code that ends its transactions itself and may change roles or databases of"
              + " the server, which cannot be tried without doing it; it was stopped before",
          "replay it on a server of its own: --set scratch.server=embedded");
    }
  }

  private static boolean mayReachBeyond(Database session, String statement) {
    return StatementKind.mayReachBeyond(statement)
        || SharedObjectQueries.foreignCode(session)
        || SharedObjectQueries.bodies(session).stream().anyMatch(StatementKind::mayReachBeyond);
  }

  private static String command(ServerError error) {
    Matcher matcher = COMMAND.matcher(error.message());
    return matcher.find() ? matcher.group(1) : error.message();
  }

  private static void refuse(String script, List<String> written) {
    if (!written.isEmpty()) {
      throw Failure.refused(
          script
              + " changes what all databases of a server share: "
              + String.join(", ", written)
              + "; it was stopped and rolled back in the scratch database",
          "replay it on a server of its own: --set scratch.server=embedded");
    }
  }
}
