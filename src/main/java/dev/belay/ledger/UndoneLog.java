package dev.belay.ledger;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What was undone of one history table. Rows are only added. */
public final class UndoneLog {
  private static final String UNDONE = "undone";

  private final TableName history;

  /**
   * @param history Flyway's table, of whose migrations it is
   */
  public UndoneLog(TableName history) {
    this.history = history;
  }

  /**
   * An entry as it is in the ledger.
   *
   * @param by the role that did it
   */
  public record Logged(long id, UndoneEntry entry, Instant at, String by, String belayVersion) {}

  /**
   * Adds what was undone, in the transaction that is open, or in one of its own; the ledger is made
   * where there is none.
   *
   * @throws Failure REFUSED as {@link Ledger#ensure}, UNAVAILABLE when the ledger cannot be written
   */
  public void add(Database session, List<UndoneEntry> entries, String belayVersion) {
    LedgerAccess.writing(
        session,
        UNDONE,
        () -> {
          entries.forEach(entry -> UndoneQueries.add(session, history, entry, belayVersion));
          return entries.size();
        });
  }

  /**
   * The newest entries, the newest first; none where there is no ledger.
   *
   * @param most how many
   * @throws Failure REFUSED when the ledger is of a form that this program does not know
   */
  public List<Logged> newest(Database session, int most) {
    return LedgerAccess.whyUnreadable(session, UNDONE).isPresent()
        ? List.of()
        : UndoneQueries.newest(session, history, most);
  }

  /** Why the entries cannot be read, where there is a ledger. */
  public Optional<String> whyUnreadable(Database session) {
    return LedgerAccess.whyUnreadable(session, UNDONE).filter(reason -> !reason.isEmpty());
  }
}
