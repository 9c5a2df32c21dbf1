package dev.belay.incident;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Predicate;

/** The lines of a file, in constant memory whatever their length and whatever their bytes are. */
final class Lines {
  private static final int BLOCK = 1 << 16;

  private Lines() {}

  /** One line. */
  static final class Line {
    private final long number;
    private final byte[] bytes;
    private final String text;
    private final boolean cut;
    private final boolean ended;

    private Line(long number, byte[] bytes, boolean cut, boolean ended) {
      this.number = number;
      this.bytes = bytes;
      String all = new String(bytes, StandardCharsets.UTF_8);
      this.text = all.endsWith("\r") ? all.substring(0, all.length() - 1) : all;
      this.cut = cut;
      this.ended = ended;
    }

    /** Its number, from 1. */
    long number() {
      return number;
    }

    /** Without its line end; what is no UTF-8 is replaced. */
    String text() {
      return text;
    }

    /** Whether there was more of it than was to be kept. */
    boolean cut() {
      return cut;
    }

    /** Whether a line end follows. */
    boolean ended() {
      return ended;
    }

    /** Writes it as it is in the file, or another text in its place with the same line end. */
    void write(String shown, OutputStream into) throws IOException {
      if (shown.equals(text)) {
        into.write(bytes);
      } else {
        into.write(shown.getBytes(StandardCharsets.UTF_8));
        if (bytes.length > 0 && bytes[bytes.length - 1] == '\r') {
          into.write('\r');
        }
      }
      if (ended) {
        into.write('\n');
      }
    }
  }

  /**
   * Hands over the lines until the reader has enough.
   *
   * @param from the byte to begin at
   * @param longest so many bytes of a line are kept at most
   * @param reader returns whether it wants more
   * @throws IOException when it cannot be read, or is no ordinary file
   */
  static void each(Path file, long from, int longest, Predicate<Line> reader) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      // A pipe would block until somebody writes to it.
      throw new IOException("it is no ordinary file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.position(from);
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      long number = 1;
      boolean cut = false;
      boolean begun = false;
      while (channel.read(block) >= 0) {
        byte[] bytes = block.array();
        int end = block.position();
        int at = 0;
        while (at < end) {
          int stop = at;
          while (stop < end && bytes[stop] != '\n') {
            stop++;
          }
          int room = Math.min(stop - at, longest - line.size());
          line.write(bytes, at, room);
          cut |= room < stop - at;
          begun = true;
          if (stop < end) {
            if (!reader.test(line(number, line, cut, true))) {
              return;
            }
            number++;
            line.reset();
            cut = false;
            begun = false;
          }
          at = stop + 1;
        }
        block.clear();
      }
      if (begun && !reader.test(line(number, line, cut, false))) {
        return;
      }
    }
  }

  private static Line line(long number, ByteArrayOutputStream bytes, boolean cut, boolean ended) {
    return new Line(number, bytes.toByteArray(), cut, ended);
  }

  /**
   * The beginning of a file, as text.
   *
   * @param longest in bytes
   * @throws IOException when it cannot be read, or is no ordinary file
   */
  static String head(Path file, int longest) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("it is no ordinary file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(longest), StandardCharsets.UTF_8);
    }
  }
}
