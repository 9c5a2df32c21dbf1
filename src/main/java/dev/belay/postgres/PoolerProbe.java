package dev.belay.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.postgresql.PGConnection;

/**
 * Finds out whether sessions are really with one server process each, from process ids alone: it
 * changes no setting, since behind a pooler that would change somebody else's session.
 */
final class PoolerProbe {
  /**
   * Which of the two sessions asks next. A pooler that hands out the process used last shows itself
   * when the other session asks; one that takes them in turn, when the same session asks again.
   */
  private static final String TURNS = "aabbabbaabab";

  /** Opens one more session with the same target. */
  @FunctionalInterface
  interface Opener {
    Connection open() throws SQLException;
  }

  private PoolerProbe() {}

  /** What {@code session}, which must be fresh, is with; opens a second one where it must. */
  static Pooler check(Connection session, Opener opener) throws SQLException {
    int login = session.unwrap(PGConnection.class).getBackendPID();
    if (ask(session, 0) == login) {
      return Pooler.NONE;
    }
    try (Connection other = opener.open()) {
      return moves(session, other) ? Pooler.TRANSACTION_MODE : Pooler.KEEPS_SESSIONS;
    }
  }

  /** Whether a session changed its process, or two that are open at once share one. */
  private static boolean moves(Connection first, Connection second) throws SQLException {
    Map<Integer, Character> owner = new HashMap<>();
    Map<Character, Integer> processOf = new HashMap<>();
    for (int turn = 0; turn < TURNS.length(); turn++) {
      char who = TURNS.charAt(turn);
      int process = ask(who == 'a' ? first : second, turn + 1);
      Character before = owner.put(process, who);
      Integer last = processOf.put(who, process);
      if ((before != null && !before.equals(who))
          || (last != null && !Objects.equals(last, process))) {
        return true;
      }
    }
    return false;
  }

  private static int ask(Connection session, int number) throws SQLException {
    return UntilPinned.run(session, () -> askOnce(session, number));
  }

  /** The comment keeps the driver from preparing the statement, which a pooler may lose. */
  private static int askOnce(Connection session, int number) throws SQLException {
    try (Statement statement = session.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select pg_catalog.pg_backend_pid() /* belay " + number + " */")) {
      row.next();
      return row.getInt(1);
    }
  }
}
