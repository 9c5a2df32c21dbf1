package dev.belay.restore;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import dev.belay.report.Report;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A replaced database is live again.
 *
 * @param target what is live
 * @param wasReplaced the name that it had until now
 * @param kept the name of the database that was live until now
 * @param bringBack the command that brings back what was written to that one; null: it is not known
 *     which backup it was
 * @param outageMillis how long no connections were accepted, in milliseconds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UndoReport(
    String target,
    String wasReplaced,
    String kept,
    @ToPaste @Nullable String bringBack,
    long outageMillis,
    long sessionsEnded)
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
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    lines.add("%s is again what was %s".formatted(target, wasReplaced));
    lines.add(
        "connections were refused for %s, %s ended"
            .formatted(
                Units.duration(Duration.ofMillis(outageMillis)),
                Units.count(sessionsEnded, "session was", "sessions were")));
    lines.add("what was live until now is kept as " + kept);
    if (bringBack != null) {
      lines.add("to bring back what was written to it: " + bringBack);
    }
    lines.add(
        "to go forth again: "
            + toPaste.apply("belay " + ShellWords.join(List.of("undo-restore", kept))));
    lines.add(
        "to free its space: "
            + toPaste.apply("belay " + ShellWords.join(List.of("discard-replaced", kept))));
    return lines;
  }
}
