package dev.belay.config;

import dev.belay.core.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where and how migrations are replayed.
 *
 * @param server which server the scratch databases are made on
 * @param url the maintenance database of another server; empty unless that is the choice
 * @param init SQL files that are run before the first migration, for what does not come from
 *     migrations
 * @param keep how many replayed databases are kept for each app, so that the next replay of the
 *     same files is fast; 0: none
 * @param timeout how long a replay may take
 * @param copyTimeout how long a copy of the live database may take, to which nobody can connect
 *     meanwhile
 * @param room free disk space for copies in bytes, where it cannot be seen; empty: nobody said it
 */
public record ScratchSettings(
    Server server,
    Optional<Target> url,
    List<Path> init,
    int keep,
    Duration timeout,
    Duration copyTimeout,
    OptionalLong room) {
  /**
   * What to type so that scratch databases are made on another server, whatever is configured: the
   * URL alone says nothing where the kind of server is.
   */
  public static final String ON_ANOTHER_SERVER =
      "--set scratch.server=other --set scratch.url=postgresql://…";

  /** As it is where nothing is configured. */
  public static final ScratchSettings STANDARD =
      new ScratchSettings(
          Server.SAME,
          Optional.empty(),
          List.of(),
          2,
          Duration.ofMinutes(10),
          Duration.ofMinutes(5),
          OptionalLong.empty());

  public ScratchSettings {
    init = List.copyOf(init);
  }

  /** A server for scratch databases. */
  public enum Server {
    /** That of the target. */
    SAME,
    /** Another one, named by a URL. */
    OTHER,
    /** One that Belay brings along and starts for the replay. */
    EMBEDDED
  }
}
