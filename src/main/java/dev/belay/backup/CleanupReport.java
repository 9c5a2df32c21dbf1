package dev.belay.backup;

import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer of {@code cleanup-backups}.
 *
 * @param deleting false: it was only looked what would go
 */
record CleanupReport(String folder, boolean deleting, List<Item> backups) implements Report {
  CleanupReport {
    backups = List.copyOf(backups);
  }

  /**
   * What becomes of one backup.
   *
   * @param outcome {@code stays}, {@code goes}, {@code deleted} or {@code failed}
   * @param reasons why
   */
  record Item(String id, String outcome, @ToPaste List<String> reasons, long totalBytes) {
    Item {
      reasons = List.copyOf(reasons);
    }
  }

  @Override
  public ExitCode exitCode() {
    return backups.stream().anyMatch(item -> item.outcome().equals("failed"))
        ? ExitCode.FAILED
        : ExitCode.OK;
  }

  @Override
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    if (backups.isEmpty()) {
      lines.add("There is no backup in " + folder);
      return lines;
    }
    TextTable table = new TextTable("BACKUP", "SIZE", "OUTCOME", "WHY");
    backups.forEach(
        item ->
            table.row(
                item.id(),
                Units.bytes(item.totalBytes()),
                item.outcome(),
                String.join("; ", item.reasons())));
    lines.addAll(table.lines());
    lines.add("");
    String outcome = deleting ? "deleted" : "goes";
    long gone = backups.stream().filter(item -> item.outcome().equals(outcome)).count();
    long bytes =
        backups.stream()
            .filter(item -> item.outcome().equals(outcome))
            .mapToLong(Item::totalBytes)
            .sum();
    if (deleting) {
      lines.add("%s deleted, %s freed".formatted(backups(gone), Units.bytes(bytes)));
    } else {
      lines.add(
          gone == 0
              ? "Nothing would be deleted."
              : "%s would be deleted, %s freed; to delete, run the same command with --yes"
                  .formatted(backups(gone), Units.bytes(bytes)));
    }
    return lines;
  }

  private static String backups(long number) {
    return Units.count(number, "backup", "backups");
  }
}
