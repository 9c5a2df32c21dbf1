package dev.belay.scratch;

import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The free disk space of the server on which scratch databases are made. */
public final class Room {
  /** Indexes of a copy, and what migrations write meanwhile. */
  private static final double FURTHER = 1.2;

  /** So much a server takes for its log at any time, by its own defaults. */
  private static final long UNSEEN_BYTES = 1L << 30;

  /** A proof has so many databases at a time, and their log. */
  private static final int PROOF_COPIES = 4;

  private static final int WITH_LOG = 2;

  /** So much of its log a server writes before it uses old files again. */
  private static final long LOG_BYTES = 16 * (16L << 20);

  private final String live;
  private final OptionalLong told;

  /**
   * @param live the database whose files say which disks count
   * @param told what there is for copies, where it cannot be seen; empty: nobody said it
   */
  public Room(String live, OptionalLong told) {
    this.live = live;
    this.told = told;
  }

  /**
   * What is left, in bytes; empty where it cannot be seen from here, and nobody said it.
   *
   * @param taken size of the copies that are there already
   */
  public OptionalLong left(Database maintenance, long taken) {
    OptionalLong seen = isNear(maintenance.target()) ? seen(maintenance) : OptionalLong.empty();
    return seen.isPresent() || told.isEmpty()
        ? seen
        : OptionalLong.of(Math.max(0, told.getAsLong() - taken));
  }

  private static boolean isNear(Target target) {
    String host = target.host();
    return target.isUnixSocket()
        || host.equals("localhost")
        || host.equals("127.0.0.1")
        || host.equals("::1");
  }

  /** On the fullest of the disks: the data, its tablespaces, the log. */
  private OptionalLong seen(Database maintenance) {
    OptionalLong least = OptionalLong.empty();
    List<String> places = RoomQueries.places(maintenance, live);
    if (places.isEmpty() || !Files.isDirectory(Path.of(places.get(0)))) {
      return least;
    }
    for (String place : places) {
      Path folder = Path.of(place);
      try {
        if (Files.isDirectory(folder)) {
          long usable = Files.getFileStore(folder).getUsableSpace();
          least = OptionalLong.of(Math.min(usable, least.orElse(Long.MAX_VALUE)));
        }
      } catch (IOException unreadable) {
        return OptionalLong.empty();
      }
    }
    return least;
  }

  /** What a copy needs, in bytes. */
  public static long needed(long databaseBytes) {
    return (long) (databaseBytes * FURTHER);
  }

  /**
   * What must stay free beside the copies: a migration may write the largest table anew, and as
   * much into the server's log.
   */
  public static long reserve(long largestTable) {
    return 2 * largestTable;
  }

  /**
   * Size of a database with this one's schema and without its rows and large objects, in bytes,
   * about; it waits for no lock.
   */
  public static long schemaBytes(Database live) {
    return RoomQueries.schemaBytes(live);
  }

  /**
   * Why no scratch databases without rows are to be made for a proof; empty: there is room for
   * them, or nobody can see whether there is.
   *
   * @param maintenance of the server that they are made on
   * @param schemaBytes size of such a database
   */
  public Optional<String> againstProof(Database maintenance, long schemaBytes) {
    OptionalLong seen = isNear(maintenance.target()) ? seen(maintenance) : OptionalLong.empty();
    long proof = PROOF_COPIES * WITH_LOG * schemaBytes;
    // Who says how much there is for copies has thought of the log.
    long needed = seen.isPresent() ? proof + LOG_BYTES : proof;
    OptionalLong left = seen.isPresent() ? seen : told;
    return left.isEmpty() || left.getAsLong() >= needed
        ? Optional.empty()
        : Optional.of(
            "the server has %s of disk space left, and a proof in scratch databases is made only where there are %s"
                .formatted(Units.bytes(left.getAsLong()), Units.bytes(needed)));
  }

  /**
   * Why another copy is not to be made; empty: there is room for it.
   *
   * @param left from {@link #left}
   * @param copy its size
   * @param largestTable of it
   */
  public static Optional<String> against(OptionalLong left, long copy, long largestTable) {
    long needed = needed(copy) + reserve(largestTable);
    if (left.isPresent()) {
      return left.getAsLong() >= needed
          ? Optional.empty()
          : Optional.of(
              "there is no room for it: %s left, of %s needed"
                  .formatted(Units.bytes(left.getAsLong()), Units.bytes(needed)));
    }
    return needed <= UNSEEN_BYTES
        ? Optional.empty()
        : Optional.of(
            "the free disk space of the server cannot be seen from here, and %s are needed; scratch.room says how much there is"
                .formatted(Units.bytes(needed)));
  }
}
