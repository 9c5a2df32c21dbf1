package dev.belay.guard;

import dev.belay.archive.DurableFiles;
import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import dev.belay.report.Format;
import dev.belay.report.Renderer;
import dev.belay.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** The file into which a report goes as JSON; it is whole or not there. */
final class ReportFile {
  private final Path file;
  private final Renderer renderer = new Renderer(Format.json, "guard", Instant.now());

  private ReportFile(Path file) {
    this.file = file;
  }

  /**
   * Takes away what an earlier run left, so that it is not taken for this run's.
   *
   * @throws Failure UNAVAILABLE when nothing could be written there
   */
  static ReportFile prepare(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
      throw Failure.unavailable(
          "no report can be written to %s: its folder is not there, or may not be written to"
              .formatted(file),
          "name another with --report-file");
    }
    if (Files.isDirectory(file)) {
      throw Failure.unavailable(
          "no report can be written to %s: it is a folder".formatted(file),
          "ls " + ShellWords.quote(file.toString()));
    }
    try {
      Files.deleteIfExists(file);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "the report %s of an earlier run cannot be replaced: %s"
                  .formatted(file, DurableFiles.reason(cannot)),
              "name another with --report-file")
          .causedBy(cannot);
    }
    return new ReportFile(file);
  }

  /** Writes an answer. That it cannot be written changes nothing of what was done. */
  void report(Report report, Progress progress) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    renderer.report(report, out);
    write(text, out, progress);
  }

  /** Writes a failure. */
  void failure(Failure failure, Progress progress) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    renderer.failure(failure, out, new PrintWriter(Writer.nullWriter()));
    write(text, out, progress);
  }

  private void write(StringWriter text, PrintWriter out, Progress progress) {
    out.flush();
    try {
      DurableFiles.replace(file, text.toString());
    } catch (IOException cannot) {
      progress.warn(
          "the report could not be written to %s: %s".formatted(file, DurableFiles.reason(cannot)));
    }
  }
}
