package dev.belay.conflicts;

import dev.belay.archive.BackupId;
import dev.belay.archive.DurableFiles;
import dev.belay.archive.Sha256;
import dev.belay.core.Failure;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** The files in the folder of conflict reports, which only their owner may read. */
final class ReportFiles {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

  /** File systems take names of 255 bytes; the rest is for the time, a number and the ending. */
  private static final int LONGEST_NAME = 180;

  private static final int LARGEST_BYTES = 256_000_000;
  private static final Pattern CHECKSUM = Pattern.compile("([0-9a-f]{64}) [ *](.+)\\R?");
  private static final String SUM = ".checksum";

  private final Path folder;

  ReportFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes a report.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  Path writeReport(String database, String app, Instant at, String markdown) {
    return write(name(database, app) + "_" + STAMP.format(at), ".md", markdown, false);
  }

  /**
   * Writes a copy of a history table, with a checksum beside it that {@code sha256sum -c} accepts.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  Path writeCopy(HistoryCopy copy) {
    String stem = name(copy.database(), copy.app()) + "_history_" + STAMP.format(copy.takenAt());
    return write(stem, ".json", Json.pretty(copy) + "\n", true);
  }

  /** Removes a copy of which it is certain that nobody needs it. */
  void discard(Path copy) {
    try {
      Files.deleteIfExists(copy);
      Files.deleteIfExists(copy.resolveSibling(copy.getFileName() + SUM));
    } catch (IOException stays) {
      // It is a true copy; that it is of no use harms nobody.
    }
  }

  /**
   * Reads a copy, and proves that it is as it was written.
   *
   * @throws Failure UNAVAILABLE when it cannot be read; FINDINGS when it is damaged; USAGE when it
   *     is no such copy
   */
  static HistoryCopy readCopy(Path file) {
    Path sum = file.resolveSibling(file.getFileName() + SUM);
    byte[] bytes;
    String recorded;
    try {
      bytes = DurableFiles.read(file, LARGEST_BYTES);
      recorded = new String(DurableFiles.read(sum, 10_000), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw Failure.unavailable(
              "cannot read the copy %s: %s".formatted(file, DurableFiles.reason(unreadable)),
              "name a file that belay wrote into the folder of conflict reports; its checksum must lie beside it")
          .causedBy(unreadable);
    }
    Matcher line = CHECKSUM.matcher(recorded);
    if (!line.matches() || !line.group(1).equals(Sha256.of(bytes))) {
      throw Failure.findings(
          "the copy %s is damaged: it does not have the checksum in %s"
              .formatted(file, sum.getFileName()),
          "use another copy of the same folder");
    }
    try {
      HistoryCopy copy =
          Json.MAPPER.readValue(new String(bytes, StandardCharsets.UTF_8), HistoryCopy.class);
      boolean whole =
          copy.content() != null
              && copy.content().rows().stream()
                  .allMatch(row -> row.size() == copy.content().columns().size());
      if (copy.form() == HistoryCopy.FORM && whole) {
        return copy;
      }
    } catch (JacksonException | NullPointerException other) {
      throw notACopy(file).causedBy(other);
    }
    throw notACopy(file);
  }

  private static Failure notACopy(Path file) {
    return Failure.usage(
        file + " is not a copy of a history table, or is one of a newer belay",
        "name a file like conflict_reports/<database>_<app>_history_<time>.json");
  }

  private Path write(String stem, String ending, String text, boolean withSum) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      DurableFiles.createFolders(folder);
      for (int number = 1; ; number++) {
        String name = stem + (number == 1 ? "" : "_" + number) + ending;
        Path file = folder.resolve(name);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        Path partial = folder.resolve("." + name + ".partial");
        try {
          DurableFiles.writeNew(partial, bytes);
        } catch (FileAlreadyExistsException another) {
          // Another run of this second is writing it.
          continue;
        }
        if (withSum) {
          String line = Sha256.of(bytes) + "  " + name + "\n";
          DurableFiles.writeNew(folder.resolve(name + SUM), line.getBytes(StandardCharsets.UTF_8));
        }
        DurableFiles.rename(partial, file);
        return file;
      }
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write into %s: %s".formatted(folder, DurableFiles.reason(cannot)),
              "free disk space, or name a folder that you may write to in folders.conflictReports")
          .causedBy(cannot);
    }
  }

  /** Names of databases and apps may be longer than a file's, and hold what a file's may not. */
  private static String name(String database, String app) {
    String name = BackupId.fileName(database) + "_" + BackupId.fileName(app);
    if (name.length() <= LONGEST_NAME) {
      return name;
    }
    String digest = Sha256.of((database + "\0" + app).getBytes(StandardCharsets.UTF_8));
    return name.substring(0, LONGEST_NAME - 13) + "_" + digest.substring(0, 12);
  }
}
