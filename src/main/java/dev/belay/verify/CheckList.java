package dev.belay.verify;

import dev.belay.core.ExitCode;
import dev.belay.integrity.Check;
import dev.belay.integrity.Severity;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which checks there are. */
record CheckList(List<Listed> checks) implements Report {
  /**
   * One of them.
   *
   * @param source {@code built in}, or the file
   * @param owner who is to be told; null: nobody is named
   */
  record Listed(
      String check, Severity severity, String source, @Nullable String owner, String complaint) {}

  /** Those that a selection has. */
  static CheckList of(Selection selection) {
    List<Listed> all = new ArrayList<>();
    if (selection.counts()) {
      all.add(
          new Listed(
              Selection.COUNTS, Severity.ERROR, "built in", null, "How many rows each table has."));
    }
    selection.builtIn().forEach(check -> all.add(listed(check)));
    all.add(
        new Listed(
            Selection.COMPARISON,
            Severity.ERROR,
            "built in",
            null,
            "The data is not what the backup of --backup, or the export of --export-path, has."));
    selection.rules().forEach(check -> all.add(listed(check)));
    return new CheckList(all);
  }

  private static Listed listed(Check check) {
    return new Listed(
        check.id(),
        check.severity(),
        check.source(),
        check.owner().orElse(null),
        check.complaint());
  }

  @Override
  public ExitCode exitCode() {
    return ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    TextTable table = new TextTable("CHECK", "SEVERITY", "SOURCE", "OWNER", "COMPLAINT");
    checks.forEach(
        each ->
            table.row(
                each.check(),
                each.severity().word(),
                each.source(),
                each.owner() == null ? "-" : each.owner(),
                each.complaint()));
    return table.lines();
  }
}
