package dev.belay.rehearse;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** The free disk space of a server, where its files are on this machine. */
final class Room {
  /** Indexes of a copy, and what migrations write meanwhile. */
  private static final double FURTHER = 1.2;

  private Room() {}

  /** What is left, in bytes; empty where it cannot be seen from here. */
  static OptionalLong left(Database maintenance) {
    Target target = maintenance.target();
    String host = target.host();
    boolean near =
        target.isUnixSocket()
            || host.equals("localhost")
            || host.equals("127.0.0.1")
            || host.equals("::1");
    Optional<Path> folder =
        near ? CopyQueries.dataDirectory(maintenance).map(Path::of) : Optional.empty();
    try {
      return folder.isPresent() && Files.isDirectory(folder.get())
          ? OptionalLong.of(Files.getFileStore(folder.get()).getUsableSpace())
          : OptionalLong.empty();
    } catch (IOException unreadable) {
      return OptionalLong.empty();
    }
  }

  /** What so many copies need, in bytes. */
  static long needed(long databaseBytes, int copies) {
    return (long) (databaseBytes * copies * FURTHER);
  }
}
