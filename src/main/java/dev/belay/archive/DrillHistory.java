package dev.belay.archive;

import java.nio.file.Path;
import java.util.List;

/**
 * The file {@code drills.jsonl}: one line for each drill, of which the last thousand of each
 * database stay.
 */
public final class DrillHistory {
  private final DurableLines<DrillRecord> lines;

  /**
   * @param folder {@code Folders.migrationMonitoring()}; it need not be there
   */
  public DrillHistory(Path folder) {
    this.lines =
        new DurableLines<>(folder, "drills.jsonl", DrillRecord.class, DrillRecord::database, 1_000);
  }

  /** Where it is. */
  public Path file() {
    return lines.file();
  }

  /**
   * The drills of a database, the oldest first; a line that cannot be read is passed over.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the file is there and cannot be read
   */
  public List<DrillRecord> of(String database) {
    return lines.all().stream().filter(each -> each.database().equals(database)).toList();
  }

  /**
   * Adds one.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when it cannot be written
   */
  public void add(DrillRecord drill) {
    lines.add(List.of(drill));
  }
}
