package dev.belay.reconcile;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The folder of the reconciliation reports, which only their owner may read. */
final class ReportFolder {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

  private final Path folder;

  ReportFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes a report as JSON and as a page; each is whole when it has its name.
   *
   * @return the report with both names
   * @throws Failure UNAVAILABLE when they cannot be written
   */
  ReconcileReport write(ReconcileReport report) {
    String stem = "reconciliation_" + STAMP.format(report.startedAt());
    try {
      DurableFiles.createFolders(folder);
      for (int number = 1; ; number++) {
        String name = stem + (number == 1 ? "" : "_" + number);
        Path json = folder.resolve(name + ".json");
        Path page = folder.resolve(name + ".html");
        if (Files.exists(json, LinkOption.NOFOLLOW_LINKS)
            || Files.exists(page, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        ReconcileReport written = report.writtenTo(json.toString(), page.toString());
        try {
          Path partialJson = draft(json, Json.pretty(written) + "\n");
          StringBuilder html = new StringBuilder();
          ReportPage.write(written, html);
          Path partialPage = draft(page, html.toString());
          DurableFiles.rename(partialPage, page);
          DurableFiles.rename(partialJson, json);
        } catch (FileAlreadyExistsException another) {
          // Another run of this second is writing it.
          continue;
        }
        return written;
      }
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write the report into %s: %s".formatted(folder, DurableFiles.reason(cannot)),
              "free disk space, or name a folder that you may write to in"
                  + " folders.reconciliationReports")
          .causedBy(cannot);
    }
  }

  private static Path draft(Path file, String text) throws IOException {
    Path partial = file.resolveSibling("." + file.getFileName() + ".partial");
    DurableFiles.writeNew(partial, text.getBytes(StandardCharsets.UTF_8));
    return partial;
  }
}
