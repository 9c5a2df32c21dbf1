package dev.belay.hooks;

import dev.belay.config.Masking;
import dev.belay.report.TextTable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** What a hook printed, line by line, without secrets and not more than a log should take. */
final class HookOutput {
  private static final int MOST_LINES = 1000;
  private static final int LONGEST_LINE = 4096;

  private HookOutput() {}

  /**
   * Hands on its lines.
   *
   * @param secrets that may not be in them, by name
   */
  static void read(Path file, long from, Map<String, String> secrets, Consumer<String> line) {
    try (var bytes = Files.newInputStream(file)) {
      bytes.skipNBytes(from);
      Reader text = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
      StringBuilder current = new StringBuilder();
      int lines = 0;
      int next = text.read();
      while (next >= 0 && lines < MOST_LINES) {
        if (next == '\n') {
          line.accept(shown(current, secrets));
          current.setLength(0);
          lines++;
        } else if (current.length() < LONGEST_LINE) {
          current.append((char) next);
        }
        next = text.read();
      }
      if (current.length() > 0) {
        line.accept(shown(current, secrets));
      }
      if (next >= 0) {
        line.accept("… and more, which is left out");
      }
    } catch (IOException unreadable) {
      line.accept("(what it printed cannot be read: " + unreadable.getMessage() + ")");
    }
  }

  static String shown(CharSequence line, Map<String, String> secrets) {
    return TextTable.visible(
        Masking.text(Masking.without(secrets, line.toString().stripTrailing())));
  }
}
