package dev.belay.backup;

import dev.belay.archive.BackupStore;
import dev.belay.archive.UnfinishedBackup;
import dev.belay.core.ExitCode;
import dev.belay.core.Units;
import dev.belay.journal.JournalHeader;
import dev.belay.report.Report;
import dev.belay.report.TextTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The answer of {@code list-backups}: a broken backup is shown and is no error of the list.
 *
 * @param backups the newest first
 * @param unfinished what is being made now, or was left by a run that died, in words
 */
record ListReport(String folder, List<ListedBackup> backups, List<String> unfinished)
    implements Report {

  static ListReport of(BackupStore store, Instant now) {
    return new ListReport(
        store.root().toString(),
        store.list().stream().map(backup -> ListedBackup.of(backup, now)).toList(),
        store.unfinished().stream().map(ListReport::unfinished).toList());
  }

  private static String unfinished(UnfinishedBackup left) {
    String who =
        left.maker()
            .map(maker -> "%s@%s, pid %d".formatted(maker.user(), maker.host(), maker.pid()))
            .orElse("somebody");
    return left.isInProgress()
        ? "being made by %s since %s"
            .formatted(
                who, left.maker().map(JournalHeader::at).map(Instant::toString).orElse("just now"))
        : "left unfinished by %s; removed by the next belay create-backup: %s"
            .formatted(who, left.folder().getFileName());
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
    if (backups.isEmpty()) {
      lines.add(
          "There is no backup in "
              + folder
              + "; make one with: "
              + toPaste.apply("belay create-backup"));
    } else {
      TextTable table =
          new TextTable("BACKUP", "AGE", "SIZE", "LEVEL", "PROVEN", "MIGRATIONS", "STATE");
      for (ListedBackup backup : backups) {
        table.row(
            backup.id(),
            Units.duration(Duration.ofMillis(backup.ageMillis())),
            backup.totalBytes() == null ? "?" : Units.bytes(backup.totalBytes()),
            backup.level() == null ? "-" : backup.level().toString(),
            backup.provenAt() == null ? "-" : Units.moment(backup.provenAt()),
            migrations(backup),
            state(backup));
      }
      lines.addAll(table.lines());
    }
    unfinished.forEach(line -> lines.add(TextTable.visible("unfinished: " + line)));
    return lines;
  }

  private static String migrations(ListedBackup backup) {
    return backup.migrations().isEmpty()
        ? "-"
        : backup.migrations().entrySet().stream()
            .map(app -> app.getKey() + " " + app.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String state(ListedBackup backup) {
    List<String> words = new ArrayList<>();
    words.add(backup.problem() == null ? backup.state() : backup.state() + ": " + backup.problem());
    if (!backup.selection().isEmpty()) {
      words.add(String.join(" ", backup.selection()));
    }
    if (backup.encrypted()) {
      words.add("encrypted");
    }
    if (backup.pinned()) {
      words.add("pinned");
    }
    if (backup.description() != null) {
      words.add("\"" + backup.description() + "\"");
    }
    return String.join(", ", words);
  }
}
