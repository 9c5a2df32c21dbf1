package dev.belay.points;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A rollback point as it is found in a folder, before its data was read.
 *
 * @param data the file with the data, whether it is there or not
 * @param record empty: it is not there, or cannot be read
 * @param problem in words; empty: none was seen, which does not prove that the data is whole
 * @param bytes of the data; 0: it is not there
 */
public record StoredPoint(
    String id,
    Path data,
    Optional<PointRecord> record,
    Status status,
    Optional<String> problem,
    long bytes) {
  /** What can be done with it. */
  public enum Status {
    /** It can be executed. */
    READY,
    /** It was executed, and can be again. */
    EXECUTED,
    /** Its data is there, and its record is not: it can be executed by its data alone. */
    INCOMPLETE,
    /** Something of it is not as it was made. */
    DAMAGED
  }

  /** Where its record is, or would be. */
  Path recordFile() {
    return data.resolveSibling(id + PointName.RECORD);
  }

  /** The moment that it shows, or the one in its name, as it sorts. */
  String order() {
    return PointName.order(id);
  }
}
