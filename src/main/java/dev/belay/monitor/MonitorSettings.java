package dev.belay.monitor;

import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How something is watched while it runs.
 *
 * @param interval from one sample to the next, 100 ms to 1 minute
 * @param print from one printed line to the next; zero: none is printed
 * @param folder where the samples are kept
 */
public record MonitorSettings(Duration interval, Duration print, Path folder) {
  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /**
   * As the section {@code monitor} of the configuration says.
   *
   * @throws Failure USAGE for what makes no sense
   */
  public static MonitorSettings of(Settings settings) {
    Section section = settings.section("monitor");
    section.allowOnly(List.of("interval", "print"));
    Duration interval = section.duration("interval", "1s", SHORTEST, LONGEST);
    boolean silent = List.of("off", "false", "no").contains(section.text("print", "5s"));
    Duration print =
        silent
            ? Duration.ZERO
            : section.duration("print", "5s", Duration.ZERO, Duration.ofHours(1));
    return new MonitorSettings(interval, print, settings.folders().migrationMonitoring());
  }

  /** The same, with no line printed. */
  public MonitorSettings silent() {
    return new MonitorSettings(interval, Duration.ZERO, folder);
  }
}
