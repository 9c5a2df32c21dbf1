package dev.belay.conflicts;

import dev.belay.core.ExitCode;
import dev.belay.report.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every resolution that there is. */
public record ResolutionList(List<Line> resolutions) implements Report {
  /**
   * A resolution.
   *
   * @param automatic whether it is done without being named
   */
  public record Line(String name, boolean automatic, String does, String precondition) {}

  public ResolutionList {
    resolutions = List.copyOf(resolutions);
  }

  static ResolutionList all() {
    return new ResolutionList(
        Arrays.stream(Resolution.values())
            .map(
                each -> new Line(each.word(), each.isAutomatic(), each.does(), each.precondition()))
            .toList());
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Line line : resolutions) {
      lines.add(line.name() + (line.automatic() ? "" : " (only with --only and --accept)"));
      lines.add("    " + line.does());
      lines.add("    if: " + line.precondition());
    }
    return lines;
  }
}
