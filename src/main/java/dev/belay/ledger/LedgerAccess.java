package dev.belay.ledger;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import java.util.Optional;
import java.util.function.Supplier;

/** How the tables of the ledger are come at, and what is said when they cannot be. */
final class LedgerAccess {
  private LedgerAccess() {}

  /**
   * Whether a table of the ledger can be read: nothing when it can, the reason when it cannot, and
   * an empty reason when there simply is no ledger.
   *
   * @throws Failure REFUSED when the ledger is of a form that this program does not know
   */
  static Optional<String> whyUnreadable(Database session, String table) {
    if (!LedgerQueries.present(session)) {
      return Optional.of("");
    }
    if (!LedgerQueries.usable(session)) {
      return Optional.of("the ledger, schema belay, is not read: this role has no privilege on it");
    }
    if (!LedgerQueries.has(session, "form")) {
      return Optional.of("the schema belay is no ledger of this program, so it is not read");
    }
    Ledger.present(session);
    if (!LedgerQueries.has(session, table)) {
      return Optional.of("the ledger has no table belay." + table + " any more");
    }
    return LedgerQueries.readable(session, table)
        ? Optional.empty()
        : Optional.of("the ledger is not read: this role may not read belay." + table);
  }

  /**
   * Does something that writes to a table of the ledger, in one transaction with the making of the
   * ledger where there is none, or in the transaction that is open.
   *
   * @throws Failure REFUSED as {@link Ledger#ensure}, UNAVAILABLE when the table is gone or cannot
   *     be written
   */
  static <T> T writing(Database session, String table, Supplier<T> work) {
    try {
      return session.isInTransaction()
          ? made(session, table, work)
          : session.inTransaction(() -> made(session, table, work));
    } catch (Failure failure) {
      if (SqlState.INSUFFICIENT_PRIVILEGE.isOf(failure) && !failure.hint().contains("belay")) {
        throw Failure.unavailable(
                "the ledger cannot be written by this role: " + failure.message(),
                "connect as its owner, or as its owner: grant usage on schema belay to <role>;"
                    + " grant select, insert on all tables in schema belay to <role>")
            .causedBy(failure);
      }
      if (SqlState.READ_ONLY_TRANSACTION.isOf(failure)) {
        throw Failure.unavailable(
                "the ledger cannot be written: the server, or the session, is read-only, as a"
                    + " standby is",
                "name the primary with --url")
            .causedBy(failure);
      }
      throw failure;
    }
  }

  private static <T> T made(Database session, String table, Supplier<T> work) {
    Ledger.ensure(session);
    if (!LedgerQueries.has(session, table)) {
      throw Failure.unavailable(
          "the ledger is only half there: it has no table belay." + table,
          "when nothing in it is needed any more: psql -c 'drop schema belay cascade'; then run the"
              + " same command again");
    }
    return work.get();
  }
}
