package dev.belay.flyway;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A script on disk.
 *
 * @param version null for a repeatable migration
 * @param type Flyway's word for it, such as {@code SQL}
 * @param script its path from its location on, as Flyway records it
 * @param file where it is
 * @param location where it was looked for, as configured
 * @param checksum as Flyway would record it; null where it cannot be computed
 * @param rawChecksum of the text before placeholders are replaced, which Flyway accepts too for a
 *     repeatable migration; null for all others
 */
public record MigrationScript(
    ScriptKind kind,
    @Nullable MigrationVersion version,
    String description,
    String type,
    String script,
    Path file,
    String location,
    @Nullable Integer checksum,
    @Nullable Integer rawChecksum) {

  /** Whether a migration recorded with that checksum is this one, unchanged. */
  public boolean hasChecksum(@Nullable Integer recorded) {
    if (recorded == null) {
      return checksum == null && rawChecksum == null;
    }
    return recorded.equals(checksum) || recorded.equals(rawChecksum);
  }

  boolean isBaseline() {
    return kind == ScriptKind.BASELINE;
  }
}
