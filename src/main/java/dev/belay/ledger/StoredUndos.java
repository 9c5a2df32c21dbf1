package dev.belay.ledger;

import dev.belay.flyway.MigrationVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The undo scripts that the ledger holds for one history table: of each version the newest.
 *
 * @param present whether there is a ledger that could be read
 * @param notes why none can be read; empty where that is as it should be
 */
public record StoredUndos(
    boolean present, Map<MigrationVersion, StoredUndo> all, List<String> notes) {
  public StoredUndos {
    all = new TreeMap<>(all);
    notes = List.copyOf(notes);
  }

  static StoredUndos none(String... notes) {
    return new StoredUndos(false, Map.of(), List.of(notes));
  }

  /** That of a version. */
  public Optional<StoredUndo> of(MigrationVersion version) {
    return Optional.ofNullable(all.get(version));
  }
}
