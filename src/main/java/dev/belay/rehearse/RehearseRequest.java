package dev.belay.rehearse;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is to be rehearsed.
 *
 * @param app empty: the only one
 * @param from what the copy is made of
 * @param backup an id, a path or {@code latest}; of {@link From#BACKUP}
 * @param target the last pending version that is applied; empty: all
 * @param applied so many applied migrations are undone and applied again; 0: the pending ones are
 *     rehearsed
 * @param concurrent whether a probe works beside them
 * @param generated whether belay may make undo scripts where there are none
 * @param keep whether the copy stays
 * @param jobs parallel sessions of a restore and of fingerprints
 * @param jars jars with Java migrations
 */
public record RehearseRequest(
    Optional<String> app,
    From from,
    String backup,
    Optional<String> target,
    int applied,
    boolean concurrent,
    boolean generated,
    boolean keep,
    int jobs,
    List<Path> jars) {
  public RehearseRequest {
    jars = List.copyOf(jars);
  }

  /** What a copy is made of. */
  public enum From {
    /** The live database where nobody is with it, else a backup. */
    EITHER,
    /** The live database. */
    LIVE,
    /** A backup. */
    BACKUP
  }
}
