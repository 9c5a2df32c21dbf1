package dev.belay.notify;

import dev.belay.core.ExitCode;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who was told.
 *
 * @param mode what was asked for
 * @param events one, or one for each incident that reached more people
 * @param problems of the configuration, all of them; what is right is used all the same
 * @param hints what to do about them
 */
public record NotificationReport(
    Mode mode, List<Sent> events, @ToPaste List<String> problems, @ToPaste List<String> hints)
    implements Report {
  public NotificationReport {
    events = List.copyOf(events);
    problems = List.copyOf(problems);
    hints = List.copyOf(hints);
  }

  /** What was asked for. */
  public enum Mode {
    SEND,
    TEST,
    ESCALATE,
    DRY_RUN
  }

  /**
   * One event.
   *
   * @param incident its incident; null: it belongs to none
   * @param incidentBegan null: it belongs to none
   * @param text as the first channel would show it; null: it was sent
   */
  public record Sent(
      String event,
      String severity,
      String action,
      String title,
      String database,
      @Nullable String incident,
      @Nullable Instant incidentBegan,
      List<Told> channels,
      @Nullable String text) {
    public Sent {
      channels = List.copyOf(channels);
    }
  }

  @Override
  public ExitCode exitCode() {
    List<Told> all = events.stream().flatMap(event -> event.channels().stream()).toList();
    if (!problems.isEmpty()) {
      return ExitCode.USAGE;
    }
    if (all.stream().anyMatch(each -> each.outcome() == Told.Outcome.FAILED)) {
      return ExitCode.UNAVAILABLE;
    }
    boolean looking = mode == Mode.TEST || mode == Mode.DRY_RUN;
    if (looking && all.stream().anyMatch(each -> each.template() != null)) {
      return ExitCode.FINDINGS;
    }
    boolean nobody =
        all.isEmpty()
            ? mode != Mode.ESCALATE
            : all.stream().allMatch(each -> each.outcome() == Told.Outcome.HELD_BACK);
    return nobody ? ExitCode.REFUSED : ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Sent event : events) {
      lines.add("%s, %s: %s".formatted(event.event(), event.severity(), event.title()));
      if (event.incident() != null) {
        lines.add(
            "incident %s of %s, %s"
                .formatted(
                    event.incident(),
                    event.database(),
                    event.action().equals("resolve")
                        ? "is over"
                        : "since " + event.incidentBegan()));
      }
      for (Told each : event.channels()) {
        lines.add("  " + each.line());
        if (each.template() != null) {
          lines.add("    " + plain(each));
        }
        if (each.cutCharacters() > 0) {
          lines.add("    the message was cut by %,d characters".formatted(each.cutCharacters()));
        }
      }
      if (event.channels().isEmpty()) {
        lines.add("  no channel wants it; name one with --channel");
      }
      if (event.text() != null) {
        lines.add("");
        event.text().lines().forEach(line -> lines.add("  | " + line));
      }
    }
    if (events.isEmpty() && mode == Mode.ESCALATE) {
      lines.add("nobody more is to be told of any incident");
    }
    problems.forEach(problem -> lines.add("wrong: " + problem));
    hints.forEach(hint -> lines.add("hint: " + hint));
    return lines.stream().map(TextTable::visible).toList();
  }

  private String plain(Told told) {
    return (mode == Mode.DRY_RUN
            ? "the plain text would be sent, since "
            : "the plain text was sent, since ")
        + told.template();
  }
}
