package dev.belay.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last line of a terminal, which shows how far work is while other lines scroll past above it.
 * May be used by several threads. Where there is no terminal it never draws.
 */
final class StatusLine {
  private static final String CLEAR = "\r\u001b[K";
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintWriter screen;
  private final Map<Object, String> parts = new LinkedHashMap<>();

  StatusLine(PrintWriter screen) {
    this.screen = screen;
  }

  /** Shows {@code text} as what {@code owner} has to say, beside what others say. */
  synchronized void show(Object owner, String text) {
    parts.put(owner, text);
    draw();
  }

  /** The owner has nothing to say any more. */
  synchronized void remove(Object owner) {
    if (parts.remove(owner) != null) {
      screen.print(CLEAR);
      draw();
    }
  }

  /** Writes whole lines above. */
  synchronized void print(String lines) {
    if (parts.isEmpty()) {
      screen.print(lines);
      screen.flush();
      return;
    }
    screen.print(CLEAR + lines);
    draw();
  }

  /** The terminal cuts what is too long; a line that wraps could not be cleared again. */
  private void draw() {
    if (!parts.isEmpty()) {
      screen.print(CLEAR + NO_WRAP + String.join(" | ", parts.values()) + WRAP);
    }
    screen.flush();
  }

  /** A writer whose lines appear above; each write must be whole lines. */
  PrintWriter above() {
    return new PrintWriter(
        new Writer() {
          @Override
          public void write(char[] characters, int offset, int length) {
            StatusLine.this.print(new String(characters, offset, length));
          }

          @Override
          public void flush() {
            // Every write is flushed at once.
          }

          @Override
          public void close() {
            screen.flush();
          }
        });
  }
}
