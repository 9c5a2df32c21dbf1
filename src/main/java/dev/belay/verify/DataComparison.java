package dev.belay.verify;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.integrity.ContentVerdict;
import dev.belay.integrity.Unchecked;
import dev.belay.report.CheckStatus;
import dev.belay.report.JunitSuite;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison of the data with a backup or an export came to.
 *
 * @param kind backup or export
 * @param with the id of the backup, or the file of the export
 * @param takenAt when it was taken
 * @param notes what is to be known about it, such as that it is of another database
 * @param tables how many tables were compared
 * @param rows how many rows they have now
 * @param differenceCount how many tables, sequences and large objects differ
 * @param differences in words, some of each kind
 * @param tableDifferences the tables that differ, row by row; null for a backup, whose rows are not
 *     at hand
 * @param notInBackup tables that the backup does not have
 * @param notCompared what could not be compared, and why; null when everything could
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DataComparison(
    String kind,
    String with,
    String takenAt,
    CheckStatus status,
    @ToPaste List<String> notes,
    int tables,
    long rows,
    long differenceCount,
    List<String> differences,
    @Nullable List<TableDifference> tableDifferences,
    List<String> notInBackup,
    @Nullable Unchecked notCompared,
    long durationMillis) {

  /** What came of one with a backup. */
  static DataComparison of(
      String with,
      String takenAt,
      List<String> notes,
      ContentVerdict verdict,
      Scope scope,
      Duration took) {
    return new DataComparison(
        "backup",
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
        null,
        verdict.unexpected().stream().filter(scope::has).map(TableName::plain).toList(),
        verdict
            .notComparable()
            .map(
                reason ->
                    new Unchecked(
                        "content", reason, "belay validate-backup " + with + " --level restored"))
            .orElse(null),
        took.toMillis());
  }

  /** What came of one with an export. */
  static DataComparison ofExport(
      String with,
      String takenAt,
      List<String> notes,
      int tables,
      long rows,
      List<TableDifference> tableDifferences,
      List<String> differences,
      List<Unchecked> unchecked,
      Duration took) {
    long count =
        differences.size() + tableDifferences.stream().mapToLong(TableDifference::count).sum();
    Unchecked not =
        unchecked.isEmpty()
            ? null
            : new Unchecked(
                String.join(", ", unchecked.stream().limit(5).map(Unchecked::what).toList())
                    + (unchecked.size() > 5 ? " and " + (unchecked.size() - 5) + " more" : ""),
                unchecked.get(0).reason(),
                unchecked.get(0).hint());
    return new DataComparison(
        "export",
        with,
        takenAt,
        count > 0
            ? CheckStatus.FAILED
            : not == null && tables > 0 ? CheckStatus.PASSED : CheckStatus.NOT_CHECKED,
        notes,
        tables,
        rows,
        count,
        differences,
        tableDifferences,
        List.of(),
        not == null && tables == 0
            ? new Unchecked(
                "all of it",
                "the export has no table that could be compared",
                "see what it has with: head -c 2000 " + with)
            : not,
        took.toMillis());
  }

  /** One that could not be made. */
  static DataComparison failed(
      String kind,
      String with,
      String takenAt,
      List<String> notes,
      Unchecked reason,
      Duration took) {
    return new DataComparison(
        kind,
        with,
        takenAt,
        CheckStatus.NOT_CHECKED,
        notes,
        0,
        0,
        0,
        List.of(),
        null,
        List.of(),
        reason,
        took.toMillis());
  }

  /** The same, when there was no table to compare. */
  DataComparison ofNothing() {
    return new DataComparison(
        kind,
        with,
        takenAt,
        CheckStatus.NOT_CHECKED,
        notes,
        tables,
        rows,
        differenceCount,
        differences,
        tableDifferences,
        notInBackup,
        new Unchecked(
            "all of it",
            "the backup has no table that could be compared",
            "name another backup, or correct schemas and tables of the app in belay.yaml"),
        durationMillis);
  }

  /** The same, when some tables may not be read. */
  DataComparison without(List<TableName> unread) {
    List<String> names = unread.stream().map(TableName::plain).toList();
    String shown = String.join(", ", names.subList(0, Math.min(5, names.size())));
    String more = names.size() > 5 ? " and " + Units.count(names.size() - 5L) + " more" : "";
    return new DataComparison(
        kind,
        with,
        takenAt,
        status == CheckStatus.PASSED ? CheckStatus.NOT_CHECKED : status,
        notes,
        tables,
        rows,
        differenceCount,
        differences,
        tableDifferences,
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
    String head = "%-4s  %-" + nameWidth + "s  with the %s %s of %s: %s in %s";
    lines.add(
        TextTable.visible(
            head.formatted(
                status.mark(),
                Selection.COMPARISON,
                kind,
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
    if (tableDifferences != null) {
      tableDifferences.forEach(table -> lines.addAll(table.lines()));
    }
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
        "%s from the %s %s"
            .formatted(Units.count(differenceCount, "difference", "differences"), kind, with));
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
