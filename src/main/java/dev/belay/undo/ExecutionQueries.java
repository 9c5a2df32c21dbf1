package dev.belay.undo;

import dev.belay.postgres.Database;

/** Asks which transaction is open, and what became of one. */
final class ExecutionQueries {
  private ExecutionQueries() {}

  /** The number of the transaction that is open; it has one from now on. */
  static long transaction(Database session) {
    return session.number("select pg_catalog.txid_current()");
  }

  static boolean isOpen(Database session, long transaction) {
    return session.test(
        "select coalesce(pg_catalog.txid_current_if_assigned() = ?, false)", transaction);
  }

  /** The server's word: committed, aborted or in progress; unknown where it has forgotten. */
  static String became(Database session, long transaction) {
    return session.text(
        "select coalesce(pg_catalog.txid_status(?::bigint), 'unknown')", transaction);
  }

  static String role(Database session) {
    return session.text("select pg_catalog.current_setting('role')");
  }

  static String lockTimeout(Database session) {
    return session.text("select pg_catalog.current_setting('lock_timeout')");
  }

  /** A statement may have changed it; how long Belay waits is no script's business. */
  static void limit(Database session, String lockTimeout) {
    session.execute("select pg_catalog.set_config('lock_timeout', ?, true)", lockTimeout);
  }

  /** Be again who the session was before a script. */
  static void beAgain(Database session, String role) {
    session.execute("reset session authorization");
    session.execute("select pg_catalog.set_config('role', ?, true)", role);
  }
}
