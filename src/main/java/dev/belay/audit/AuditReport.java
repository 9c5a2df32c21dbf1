package dev.belay.audit;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The newest operations of the audit trail.
 *
 * @param file where it is
 * @param operations oldest first
 * @param more whether there are older ones that were not asked for
 * @param unreadable lines that were passed over, since they are not as they were written
 * @param head the hash of the newest line; null: there is none that is as it was written
 */
record AuditReport(
    String file,
    List<AuditedOperation> operations,
    boolean more,
    long unreadable,
    @Nullable String head)
    implements Report {
  AuditReport {
    operations = List.copyOf(operations);
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    return lines(UnaryOperator.identity());
  }

  @Override
  public List<String> lines(UnaryOperator<String> toPaste) {
    List<String> lines = new ArrayList<>();
    lines.add("trail: " + TextTable.visible(file));
    if (operations.isEmpty()) {
      lines.add("no operation is recorded" + (more ? " in that time" : ""));
    } else {
      if (more) {
        lines.add("older ones are left out; see more with --limit");
      }
      lines.add("");
      TextTable table =
          new TextTable("LINE", "WHEN", "WHO", "OPERATION", "TARGET", "OUTCOME", "TOOK");
      for (AuditedOperation each : operations) {
        table.row(
            String.valueOf(each.line()),
            Units.moment(each.at()),
            each.user() + "@" + each.host(),
            each.command(),
            each.target() == null
                ? "-"
                : each.target() + (each.databaseUser() == null ? "" : " as " + each.databaseUser()),
            each.exitStatus() == null
                ? each.outcome()
                : each.outcome() + " (" + each.exitStatus() + ")",
            each.durationMillis() == null
                ? "-"
                : Units.duration(Duration.ofMillis(each.durationMillis())));
      }
      lines.addAll(table.lines());
      operations.stream()
          .filter(each -> each.note() != null)
          .forEach(
              each ->
                  lines.add(TextTable.visible("line %d: %s".formatted(each.line(), each.note()))));
      lines.add("");
    }
    if (unreadable > 0) {
      lines.add(
          Units.count(unreadable, "line is", "lines are")
              + " not as they were written; see which with: "
              + toPaste.apply("belay audit --verify"));
    }
    if (head != null) {
      lines.add("head:  " + head);
    }
    return lines;
  }
}
