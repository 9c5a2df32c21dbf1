package dev.belay.restore;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import java.time.Duration;
import java.util.List;

/**
 * A replaced database is live again.
 *
 * @param target what is live
 * @param wasReplaced the name that it had until now
 * @param kept the name of the database that was live until now
 * @param outageMillis how long no connections were accepted, in milliseconds
 */
public record UndoReport(
    String target, String wasReplaced, String kept, long outageMillis, long sessionsEnded)
    implements Report {
  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public boolean databaseChanged() {
    return true;
  }

  @Override
  public List<String> lines() {
    return List.of(
        "%s is again what was %s".formatted(target, wasReplaced),
        "connections were refused for %s, %s ended"
            .formatted(
                Units.duration(Duration.ofMillis(outageMillis)),
                Units.count(sessionsEnded, "session was", "sessions were")),
        "what was live until now is kept as " + kept,
        "to go forth again: belay " + ShellWords.join(List.of("undo-restore", kept)),
        "to free its space: belay " + ShellWords.join(List.of("discard-replaced", kept)));
  }
}
