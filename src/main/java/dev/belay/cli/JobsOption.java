package dev.belay.cli;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many sessions work at the same time. */
public final class JobsOption {
  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "<number>",
      description = "Parallel sessions (default: as configured).")
  private @Nullable Integer jobs;

  /**
   * At least 1.
   *
   * @throws Failure USAGE when another number is given
   */
  public int jobs(Settings settings) {
    if (jobs == null) {
      return settings.jobs();
    }
    if (jobs < 1) {
      throw Failure.usage("--jobs is " + jobs, "give at least 1");
    }
    return jobs;
  }

  /** The number that was given; empty: none was. */
  public Optional<Integer> given() {
    return Optional.ofNullable(jobs);
  }
}
