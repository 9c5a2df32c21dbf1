package dev.belay.swap;

import dev.belay.journal.DatabaseNote;
import dev.belay.postgres.Database;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * A former live database that is kept. What is known of it is in its own comment, so that it is
 * found from any machine.
 *
 * @param name its name now
 * @param of the name that it had
 * @param at when it was replaced
 * @param run the run that replaced it
 * @param by in words, what replaced it
 * @param sizeBytes 0 when this role may not know
 * @param open whether it accepts connections, since somebody opened it by hand
 * @param owner who owns it; anybody may write such a note on a database of his own
 */
public record Replaced(
    String name,
    String of,
    Instant at,
    String run,
    String by,
    long sizeBytes,
    boolean open,
    String owner) {
  /**
   * Those of the server, newest first. One that somebody gave its former name back by hand is live
   * again, whatever its note says.
   */
  public static List<Replaced> list(Database maintenance) {
    return SwapQueries.noted(maintenance).stream()
        .filter(noted -> noted.note().kind() == DatabaseNote.Kind.REPLACED)
        .filter(noted -> !noted.name().equals(noted.note().of()))
        .map(
            noted ->
                new Replaced(
                    noted.name(),
                    noted.note().of(),
                    noted.note().at(),
                    noted.note().run(),
                    noted.note().what(),
                    noted.sizeBytes(),
                    noted.open(),
                    noted.owner()))
        .sorted(Comparator.comparing(Replaced::at).reversed().thenComparing(Replaced::name))
        .toList();
  }

  /** Whether it has the owner that the live database has now, as it has after a swap. */
  public boolean isOfTheSameOwner(Database maintenance) {
    return SwapQueries.state(maintenance, of).map(live -> live.owner().equals(owner)).orElse(true);
  }

  /** How many sessions are with it: it accepts none unless somebody opened it by hand. */
  public long sessions(Database maintenance) {
    return SwapQueries.sessions(maintenance, name, name);
  }
}
