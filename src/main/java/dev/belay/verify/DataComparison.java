package dev.belay.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.integrity.ContentVerdict;
import dev.belay.integrity.Unchecked;
import dev.belay.report.JunitSuite;
import dev.belay.report.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison of the data with a backup came to.
 *
 * @param with the backup
 * @param takenAt when it was taken
 * @param notes what is to be known about it, such as that it is of another database
 * @param tables how many tables were compared
 * @param rows how many rows they have now
 * @param differenceCount how many tables, sequences and large objects differ
 * @param differences in words, some of each kind
 * @param notInBackup tables that the backup does not have
 * @param notCompared why content could not be compared; null when it could
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DataComparison(
    String with,
    String takenAt,
    CheckStatus status,
    List<String> notes,
    int tables,
    long rows,
    long differenceCount,
    List<String> differences,
    List<String> notInBackup,
    @Nullable Unchecked notCompared,
    long durationMillis) {

  static DataComparison of(
      String with, String takenAt, List<String> notes, ContentVerdict verdict, Duration took) {
    return new DataComparison(
        with,
        takenAt,
        verdict.count() > 0
            ? CheckStatus.FAILED
            : verdict.notComparable().isPresent() ? CheckStatus.NOT_CHECKED : CheckStatus.PASSED,
        notes,
        verdict.tables(),
        verdict.rows(),
        verdict.count(),
        verdict.differences(),
        verdict.unexpected(),
        verdict
            .notComparable()
            .map(
                reason ->
                    new Unchecked(
                        "content", reason, "belay validate-backup " + with + " --level restored"))
            .orElse(null),
        took.toMillis());
  }

  /** One that could not be made. */
  static DataComparison failed(
      String with, String takenAt, List<String> notes, Unchecked reason, Duration took) {
    return new DataComparison(
        with,
        takenAt,
        CheckStatus.NOT_CHECKED,
        notes,
        0,
        0,
        0,
        List.of(),
        List.of(),
        reason,
        took.toMillis());
  }

  /** The same, when some tables may not be read. */
  DataComparison without(List<TableName> unread) {
    List<String> names = unread.stream().map(TableName::plain).toList();
    String shown = String.join(", ", names.subList(0, Math.min(5, names.size())));
    String more = names.size() > 5 ? " and " + Units.count(names.size() - 5L) + " more" : "";
    return new DataComparison(
        with,
        takenAt,
        status == CheckStatus.PASSED ? CheckStatus.NOT_CHECKED : status,
        notes,
        tables,
        rows,
        differenceCount,
        differences,
        notInBackup.stream().filter(name -> !names.contains(name)).toList(),
        new Unchecked(
            shown + more,
            "this user may not read all rows",
            "grant SELECT on them, and BYPASSRLS where a policy hides rows, or use another user"),
        durationMillis);
  }

  @JsonIgnore
  boolean complete() {
    return notCompared == null;
  }

  @JsonIgnore
  List<String> lines(int nameWidth) {
    List<String> lines = new ArrayList<>();
    String head = "%-4s  %-" + nameWidth + "s  with the backup %s of %s: %s in %s";
    lines.add(
        TextTable.visible(
            head.formatted(
                status.mark(),
                Selection.COMPARISON,
                with,
                takenAt,
                Units.count(rows, "row", "rows"),
                Units.count(tables, "table", "tables"))));
    details().forEach(line -> lines.add(TextTable.visible("        " + line)));
    return lines;
  }

  private List<String> details() {
    List<String> lines = new ArrayList<>(notes);
    lines.addAll(differences);
    if (!notInBackup.isEmpty()) {
      lines.add(
          "not in the backup: "
              + String.join(", ", notInBackup.subList(0, Math.min(5, notInBackup.size())))
              + (notInBackup.size() > 5
                  ? " and " + Units.count(notInBackup.size() - 5L) + " more"
                  : ""));
    }
    if (notCompared != null) {
      lines.add("not checked: " + notCompared.what() + ": " + notCompared.reason());
      lines.add("fix: " + notCompared.hint());
    }
    return lines;
  }

  @JsonIgnore
  JunitSuite.Case testCase() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s from the backup %s"
            .formatted(Units.count(differenceCount, "difference", "differences"), with));
    lines.addAll(details());
    return new JunitSuite.Case(
        "belay.comparison",
        Selection.COMPARISON,
        Duration.ofMillis(durationMillis),
        status == CheckStatus.FAILED ? Optional.of(lines) : Optional.empty(),
        notCompared == null ? Optional.empty() : Optional.of(details()),
        status == CheckStatus.PASSED ? details() : List.of());
  }
}
