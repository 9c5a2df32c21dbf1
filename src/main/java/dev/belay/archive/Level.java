package dev.belay.archive;

import dev.belay.core.Failure;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far a backup is proven. Each level includes those before it. */
public enum Level {
  /** Its manifest is whole and names its files. */
  LISTED,
  /** Every file has the size and the SHA-256 of the manifest, and there is no other. */
  CHECKSUMMED,
  /** pg_restore read every byte of it. */
  READABLE,
  /** It was restored, and rows, fingerprints and sequences were those of the manifest. */
  RESTORED,
  /** PostgreSQL's amcheck found nothing wrong in the restored database. */
  SOUND;

  /** The name in help, reports and JSON. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it proves as much as the other, or more. */
  public boolean reaches(Level other) {
    return compareTo(other) >= 0;
  }

  /**
   * Reads a name.
   *
   * @throws Failure USAGE when there is no such level
   */
  public static Level parse(String text) {
    return Arrays.stream(values())
        .filter(level -> level.toString().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.usage(
                    "there is no level '" + text + "'",
                    "use one of: "
                        + Arrays.stream(values())
                            .map(Level::toString)
                            .collect(Collectors.joining(", "))));
  }
}
