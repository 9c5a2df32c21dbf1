package dev.belay.emergency;

import dev.belay.cli.Announcement;
import dev.belay.core.ExitCode;
import dev.belay.core.Severity;
import dev.belay.core.Units;
import dev.belay.swap.GuardedRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What people are told of an emergency recovery: that it has begun, and what it came to. */
final class EmergencyNews {
  private EmergencyNews() {}

  static void begun(GuardedRun run) {
    run.progress()
        .announce(
            new Announcement(
                Announcement.Type.EMERGENCY_RECOVERY,
                Severity.CRITICAL,
                "emergency recovery of %s has begun".formatted(run.target()),
                Map.of("run", run.run().text())));
  }

  static void ended(GuardedRun run, EmergencyReport report) {
    Map<String, String> facts = new LinkedHashMap<>();
    report
        .steps()
        .forEach(
            step ->
                facts.put(
                    step.name(),
                    "%s (%s): %s"
                        .formatted(
                            step.status().word(),
                            Units.duration(Duration.ofMillis(step.millis())),
                            step.summary())));
    facts.put("advice", report.advice().text());
    facts.put("command", report.advice().command());
    run.progress()
        .announce(
            new Announcement(
                Announcement.Type.EMERGENCY_RECOVERY,
                report.exitCode() == ExitCode.OK ? Severity.INFO : Severity.CRITICAL,
                "emergency recovery of %s has ended: %s"
                    .formatted(run.target(), report.exitCode().name().toLowerCase(Locale.ROOT)),
                facts));
  }
}
