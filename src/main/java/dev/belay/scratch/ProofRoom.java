package dev.belay.scratch;

import dev.belay.config.ScratchSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether there is room for scratch databases: a disk that is nearly full is not filled by them.
 */
public final class ProofRoom {
  /** The programs of an embedded server, its data and its log. */
  private static final long EMBEDDED_BYTES = 500_000_000;

  private static final String ELSEWHERE =
      "have it proven on another server: " + ScratchSettings.ON_ANOTHER_SERVER;

  private final Settings settings;
  private final Databases databases;

  /**
   * @param settings which server they are made on
   * @param databases opens the session in which it is asked
   */
  public ProofRoom(Settings settings, Databases databases) {
    this.settings = settings;
    this.databases = databases;
  }

  /**
   * Why no proof is to be tried now; empty: there is room, or nobody can see whether there is.
   *
   * @param live a session with the target
   */
  public Optional<Failure> against(Database live) {
    ScratchSettings scratch = settings.scratch();
    return scratch.server() == ScratchSettings.Server.EMBEDDED
        ? againstEmbedded()
        : against(live, scratch)
            .map(words -> Failure.unavailable(words, "free disk space, or " + ELSEWHERE));
  }

  private Optional<String> against(Database live, ScratchSettings scratch) {
    Target maintenance = scratch.url().orElseGet(settings::maintenance);
    try (Database session = databases.open(maintenance)) {
      return new Room(settings.target().database(), scratch.room())
          .againstProof(session, Room.schemaBytes(live));
    } catch (Failure unseen) {
      // Whoever makes the databases meets the same, and says what it means for the proof.
      return Optional.empty();
    }
  }

  private static Optional<Failure> againstEmbedded() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    try {
      long left = Files.getFileStore(folder).getUsableSpace();
      return left >= EMBEDDED_BYTES
          ? Optional.empty()
          : Optional.of(
              Failure.unavailable(
                  "%s has %s of disk space left, and a server for a proof is started only where there are %s"
                      .formatted(folder, Units.bytes(left), Units.bytes(EMBEDDED_BYTES)),
                  "free disk space, or name another folder with BELAY_JAVA_OPTS=-Djava.io.tmpdir=/a/folder/with/500/MB, or "
                      + ELSEWHERE));
    } catch (IOException unseen) {
      return Optional.empty();
    }
  }
}
