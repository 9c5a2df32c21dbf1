package dev.belay.restore;

import dev.belay.cli.JobsOption;
import dev.belay.config.Settings;
import dev.belay.core.Units;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a restore is driven. */
public final class RestoreOptions {
  @Mixin private JobsOption jobs = new JobsOption();

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
    return jobs.jobs(settings);
  }

  Duration stallTimeout(Settings settings) {
    return stallTimeout == null ? settings.stallTimeout() : Units.parseDuration(stallTimeout);
  }

  boolean verify() {
    return !noVerify;
  }
}
