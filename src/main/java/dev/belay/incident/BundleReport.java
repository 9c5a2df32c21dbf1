package dev.belay.incident;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A bundle that was made.
 *
 * @param file where it is
 * @param fileBytes its length
 * @param contentBytes of everything in it, before it was compressed
 * @param since what is older was left out
 * @param operations of which it has a page
 * @param contents in the order of their names
 * @param missing what could not be had, or was left out
 */
record BundleReport(
    String file,
    long fileBytes,
    long contentBytes,
    Instant since,
    int operations,
    List<Content> contents,
    @ToPaste List<String> missing)
    implements Report {
  BundleReport {
    contents = List.copyOf(contents);
    missing = List.copyOf(missing);
  }

  /**
   * A file in it.
   *
   * @param sha256 of its content
   */
  record Content(String name, String what, long bytes, Instant modified, String sha256) {}

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        TextTable.visible("bundle:  %s (%s, mode 0600)".formatted(file, Units.bytes(fileBytes))));
    lines.add("since:   " + Units.moment(since));
    lines.add(
        "holds:   %s of %s, %s"
            .formatted(
                Units.count(contents.size(), "file", "files"),
                Units.bytes(contentBytes),
                Units.count(operations, "page of an operation", "pages of operations")));
    lines.add("begin:   unpack it and open index.html");
    missing.forEach(note -> lines.add(TextTable.visible("note:    " + note)));
    lines.add(
        "secrets: masked as far as belay knows them; names, commands and rows in reports are not");
    return lines;
  }
}
