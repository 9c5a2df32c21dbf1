package dev.belay.dataset;

import dev.belay.core.Failure;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an export, with the line and the byte that each is at. Nothing of it is held but the
 * buffer. For one thread.
 */
final class JsonSource {
  private static final int BUFFER_BYTES = 1 << 18;

  private final InputStream input;
  private final String file;

  /** What is there of the file now: from {@link #at} to {@link #end}. */
  byte[] buffer = new byte[BUFFER_BYTES];

  int at;
  int end;
  private long passed;
  private long line = 1;
  private String where = "";
  private long row;
  private @Nullable String column;

  /**
   * @param file what it is called in failures
   */
  JsonSource(InputStream input, String file) {
    this.input = input;
    this.file = file;
  }

  /** What is being read, in words, for failures: {@code table public.orders}. */
  void within(String words) {
    where = words;
    row = 0;
    column = null;
  }

  /**
   * Which row of it is being read.
   *
   * @param number from 1
   */
  void atRow(long number) {
    row = number;
    column = null;
  }

  /** Which column of the row is being read. */
  void atColumn(@Nullable String name) {
    column = name;
  }

  private String place() {
    if (where.isEmpty()) {
      return "";
    }
    return " (%s%s%s)"
        .formatted(
            where,
            row == 0 ? "" : ", row " + row,
            column == null ? "" : ", column \"" + column + "\"");
  }

  /** The number of the line that the next byte is in, from 1. */
  long line() {
    return line;
  }

  /** A line end was passed. */
  void lineEnded() {
    line++;
  }

  /** How many bytes were passed. */
  long offset() {
    return passed + at;
  }

  /**
   * Sees to it that so many bytes are there from {@link #at} on, unless the file ends before.
   *
   * @param bytes far fewer than the buffer has
   * @return whether they are there
   */
  boolean has(int bytes) {
    while (end - at < bytes) {
      if (at > 0) {
        System.arraycopy(buffer, at, buffer, 0, end - at);
        passed += at;
        end -= at;
        at = 0;
      }
      int read = read();
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  private int read() {
    try {
      return input.read(buffer, end, buffer.length - end);
    } catch (java.io.EOFException cut) {
      throw damaged("the compressed file ends too early: it is truncated").causedBy(cut);
    } catch (IOException cannot) {
      throw damaged("the file cannot be read: " + cannot.getMessage()).causedBy(cannot);
    }
  }

  /** Whether these are the next bytes; if so, they are passed. */
  boolean passes(byte[] expected) {
    if (!has(expected.length)) {
      return false;
    }
    for (int index = 0; index < expected.length; index++) {
      if (buffer[at + index] != expected[index]) {
        return false;
      }
    }
    at += expected.length;
    return true;
  }

  /** The next byte that is no white space, which is not passed; -1 at the end of the file. */
  int peek() {
    while (has(1)) {
      byte next = buffer[at];
      if (next == '\n') {
        line++;
      } else if (next != ' ' && next != '\r' && next != '\t') {
        return next & 0xFF;
      }
      at++;
    }
    return -1;
  }

  /** Passes white space and then this byte. */
  void expect(char wanted, String what) {
    int next = peek();
    if (next != wanted) {
      throw unexpected(next, "'" + wanted + "' " + what);
    }
    at++;
  }

  /** Passes white space and then this byte, if it is the next. */
  boolean passesMark(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  /** Something else is there than what was expected. */
  Failure unexpected(int found, String expected) {
    if (found < 0) {
      return damaged("the file ends where %s should be: it is truncated".formatted(expected));
    }
    String shown =
        found >= 0x20 && found < 0x7F
            ? "'" + (char) found + "'"
            : "the byte 0x%02x".formatted(found);
    return damaged("%s is where %s should be".formatted(shown, expected));
  }

  /** Something is wrong at this place of the file. */
  Failure damaged(String what) {
    return Failure.findings(
        "%s, line %d, byte %d%s: %s".formatted(file, line, offset(), place(), what),
        "take another copy of the export, or make a new one: belay export-data");
  }
}
