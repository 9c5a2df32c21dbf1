package dev.belay.reconcile;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import dev.belay.report.Json;
import dev.belay.report.Rewording;
import java.io.BufferedWriter;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import tools.jackson.core.JacksonException;

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
   * @param toPaste gives for what is to be typed the text that is written
   * @return the report with both names
   * @throws Failure UNAVAILABLE when they cannot be written
   */
  ReconcileReport write(ReconcileReport report, UnaryOperator<String> toPaste) {
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
        ReconcileReport written =
            (ReconcileReport)
                Rewording.of(report.writtenTo(json.toString(), page.toString()), toPaste);
        Path partialJson = partial(json);
        Path partialPage = partial(page);
        try {
          write(
              partialJson,
              out -> Json.MAPPER.writerWithDefaultPrettyPrinter().writeValue(out, written));
          write(partialPage, out -> ReportPage.write(written, out));
          DurableFiles.rename(partialPage, page);
          DurableFiles.rename(partialJson, json);
          return written;
        } catch (FileAlreadyExistsException another) {
          // Another run of this second is writing it: the next number.
        } catch (IOException | UncheckedIOException | JacksonException broken) {
          Files.deleteIfExists(partialJson);
          Files.deleteIfExists(partialPage);
          throw broken;
        }
      }
    } catch (IOException | UncheckedIOException | JacksonException broken) {
      IOException cannot = reason(broken);
      throw Failure.unavailable(
              "cannot write the report into %s: %s".formatted(folder, DurableFiles.reason(cannot)),
              "free disk space, or name a folder that you may write to in"
                  + " folders.reconciliationReports")
          .causedBy(cannot);
    }
  }

  private static Path partial(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".partial");
  }

  /** Piece by piece: the rows of thousands of tables are not held as one text, too. */
  private static void write(Path file, Consumer<Writer> content) throws IOException {
    DurableFiles.writeNew(file, new byte[0]);
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        Writer out =
            new BufferedWriter(
                new OutputStreamWriter(
                    Channels.newOutputStream(channel), StandardCharsets.UTF_8))) {
      content.accept(new Unclosed(out));
      out.write('\n');
      out.flush();
      channel.force(true);
    }
  }

  private static IOException reason(Exception broken) {
    if (broken instanceof IOException known) {
      return known;
    }
    return broken.getCause() instanceof IOException cause
        ? cause
        : new IOException(String.valueOf(broken.getMessage()), broken);
  }

  /** Who writes JSON closes what it is written to, before it is on the disk. */
  private static final class Unclosed extends FilterWriter {
    Unclosed(Writer out) {
      super(out);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
