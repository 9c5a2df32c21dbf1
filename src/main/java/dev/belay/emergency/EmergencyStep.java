package dev.belay.emergency;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.Units;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the six steps, as it ended.
 *
 * @param number from 1
 * @param name its name for ever, such as {@code emergency-backup}
 * @param summary one line
 * @param details more lines, such as findings
 * @param hint what to do about it; null where nothing is to be done
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EmergencyStep(
    int number,
    String name,
    StepStatus status,
    long millis,
    @ToPaste String summary,
    @ToPaste List<String> details,
    @ToPaste @Nullable String hint) {
  public EmergencyStep {
    details = List.copyOf(details);
  }

  /** The same, about this database. */
  EmergencyStep with(Again again) {
    return new EmergencyStep(
        number, name, status, millis, summary, details, hint == null ? null : again.hint(hint));
  }

  /** The step for a person. */
  @JsonIgnore
  List<String> lines(int nameWidth) {
    List<String> lines = new ArrayList<>();
    String took =
        status == StepStatus.SKIPPED ? "" : " (" + Units.duration(Duration.ofMillis(millis)) + ")";
    lines.add(
        TextTable.visible(
            ("%d. %-4s  %-" + nameWidth + "s  %s%s")
                .formatted(number, status.mark(), name, summary, took)));
    details.forEach(detail -> lines.add("         " + TextTable.visible(detail)));
    if (hint != null && status != StepStatus.DONE && status != StepStatus.SKIPPED) {
      lines.add("         next: " + TextTable.visible(hint));
    }
    return lines;
  }
}
