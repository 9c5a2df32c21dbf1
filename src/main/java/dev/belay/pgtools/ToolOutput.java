package dev.belay.pgtools;

import dev.belay.report.TextTable;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a tool complained of: its error lines, each with the lines of detail under it. Reads the
 * part of the log that this run wrote, in bounded memory however long it is.
 *
 * @param errors the first of them
 * @param count how many there are
 * @param unlike how many do not match what was said to be harmless
 */
record ToolOutput(List<String> errors, int count, int unlike) {
  private static final int MOST_ERRORS = 20;
  private static final int LONGEST_LINE = 4000;
  private static final int MOST_DETAILS = 4;
  private static final Pattern ERROR = Pattern.compile("^pg_(?:dump|restore): error: .*");
  private static final Pattern FATAL = Pattern.compile("^pg_(?:dump|restore): fatal: .*");
  private static final Pattern OTHER =
      Pattern.compile("^pg_(?:dump|restore): (?!detail: |hint: ).*");
  private static final Pattern DETAIL =
      Pattern.compile("^(?:pg_(?:dump|restore): )?(?:detail|DETAIL|hint|HINT):\\s.*");

  /** Where the log is before a tool writes to it. */
  static long position(Path log) {
    try {
      return Files.size(log);
    } catch (IOException notThere) {
      return 0;
    }
  }

  /**
   * Reads the errors.
   *
   * @param from what {@link #position} said before the tool ran
   * @param harmless which errors are of no consequence
   */
  static ToolOutput read(Path log, long from, Predicate<String> harmless) {
    List<String> errors = new ArrayList<>();
    int count = 0;
    int unlike = 0;
    int details = MOST_DETAILS;
    try (InputStream file = new BufferedInputStream(Files.newInputStream(log), 1 << 16)) {
      file.skipNBytes(from);
      for (String line = line(file); !line.isEmpty(); line = line(file)) {
        String text = TextTable.visible(line.stripTrailing());
        if (ERROR.matcher(text).matches() || FATAL.matcher(text).matches()) {
          count++;
          details = count > MOST_ERRORS ? MOST_DETAILS : 0;
          if (!harmless.test(text)) {
            unlike++;
          }
          if (count <= MOST_ERRORS) {
            errors.add(text.replaceFirst("^pg_(?:dump|restore): (?:error|fatal): ", ""));
          }
        } else if (OTHER.matcher(text).matches()) {
          details = MOST_DETAILS;
        } else if (details < MOST_DETAILS && DETAIL.matcher(text).matches()) {
          details++;
          int last = errors.size() - 1;
          errors.set(
              last,
              errors.get(last) + "; " + text.replaceFirst("^pg_(?:dump|restore): ", "").strip());
        }
      }
    } catch (IOException unreadable) {
      return new ToolOutput(List.of(), 0, 0);
    }
    return new ToolOutput(List.copyOf(errors), count, unlike);
  }

  /** One line with its end, cut where it is too long; empty at the end of the file. */
  private static String line(InputStream file) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = file.read();
    while (next >= 0) {
      if (line.size() < LONGEST_LINE || next == '\n') {
        line.write(next);
      }
      if (next == '\n') {
        break;
      }
      next = file.read();
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** All that is known of the errors as one text, for patterns to be looked for. */
  String text() {
    return String.join("\n", errors);
  }
}
