package dev.belay.diff;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Snapshot;
import java.util.function.Supplier;

/**
 * One database at one moment.
 *
 * @param target which database
 * @param workers gives a session that sees the moment, in an open transaction that reads only;
 *     whoever asks closes it
 */
public record Side(Target target, Supplier<Database> workers) {
  /** The moment of a snapshot, which must stay open as long as the side is used. */
  public static Side of(Snapshot snapshot) {
    return new Side(snapshot.database().target(), snapshot::worker);
  }
}
