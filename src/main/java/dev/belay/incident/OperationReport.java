package dev.belay.incident;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page that was written.
 *
 * @param file where it is
 * @param fileBytes its length
 * @param about what it is about
 * @param run null: it is not about a run
 * @param ended how that ended, in words
 * @param steps in its timeline
 * @param charts of what was measured
 * @param sources what it was made from
 * @param missing what could not be found or read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OperationReport(
    String file,
    long fileBytes,
    String about,
    @Nullable String run,
    String ended,
    int steps,
    int charts,
    List<Fact> sources,
    @ToPaste List<String> missing)
    implements Report {
  OperationReport {
    sources = List.copyOf(sources);
    missing = List.copyOf(missing);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(TextTable.visible("report: %s (%s)".formatted(file, Units.bytes(fileBytes))));
    lines.add(TextTable.visible("about:  " + about));
    lines.add(TextTable.visible("ended:  " + ended));
    lines.add(
        "shown:  %s, %s"
            .formatted(
                Units.count(steps, "step", "steps"), Units.count(charts, "chart", "charts")));
    sources.forEach(
        source ->
            lines.add(TextTable.visible("from:   %s %s".formatted(source.name(), source.value()))));
    missing.forEach(note -> lines.add(TextTable.visible("note:   " + note)));
    return lines;
  }
}
