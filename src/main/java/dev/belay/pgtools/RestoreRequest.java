package dev.belay.pgtools;

import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.ServerInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * One restore.
 *
 * @param archive its checksums must have been checked by the caller
 * @param target an empty database; for {@link Manner#IN_PLACE} the live one
 * @param server the target's
 * @param tool from {@link PostgresTools#restoreFor}
 * @param jobs parallel sessions; in place, and from an encrypted archive, it is one
 * @param log what the tool prints is appended here
 * @param stallTimeout the tool is ended when neither it nor the server gets on for so long; zero:
 *     never
 * @param only the tables whose rows are restored; empty: all. Of the others, and of materialized
 *     views and large objects, there is nothing but their shape
 */
public record RestoreRequest(
    DumpArchive archive,
    Target target,
    RunId run,
    ServerInfo server,
    Tool tool,
    int jobs,
    Manner manner,
    Path log,
    Duration stallTimeout,
    Set<TableName> only) {
  public RestoreRequest {
    only = Set.copyOf(only);
  }

  /** One with the rows of all tables. */
  public RestoreRequest(
      DumpArchive archive,
      Target target,
      RunId run,
      ServerInfo server,
      Tool tool,
      int jobs,
      Manner manner,
      Path log,
      Duration stallTimeout) {
    this(archive, target, run, server, tool, jobs, manner, log, stallTimeout, Set.of());
  }

  /** What the target is. */
  public enum Manner {
    /** A new database that is to be used. */
    NEW_DATABASE,
    /**
     * A database for a proof: what could act by itself there, such as subscriptions, publications
     * and event triggers, is left out.
     */
    SCRATCH,
    /**
     * The same for a part of a database: foreign keys are left out too, since the tables that they
     * refer to may be missing or empty.
     */
    PART_IN_SCRATCH,
    /** What is in the archive replaces what is in the target, in one transaction. */
    IN_PLACE
  }
}
