package dev.belay.restore;

import dev.belay.config.Settings;
import dev.belay.core.Units;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a restore is driven. */
public final class RestoreOptions {
  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "<number>",
      description = "Parallel sessions of the restore (default: as configured).")
  private @Nullable Integer jobs;

  @Option(
      names = "--stall-timeout",
      paramLabel = "<duration>",
      description =
          "End pg_restore when it makes no progress for so long (default: as configured).")
  private @Nullable String stallTimeout;

  @Option(
      names = "--no-verify",
      description = "Do not compare the restored rows with the manifest; checksums are checked.")
  private boolean noVerify;

  int jobs(Settings settings) {
    return jobs == null ? settings.jobs() : jobs;
  }

  Duration stallTimeout(Settings settings) {
    return stallTimeout == null ? settings.stallTimeout() : Units.parseDuration(stallTimeout);
  }

  boolean verify() {
    return !noVerify;
  }
}
