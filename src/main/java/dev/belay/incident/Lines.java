package dev.belay.incident;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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

  /**
   * One line.
   *
   * @param number from 1
   * @param text without its line end; what is no UTF-8 is replaced
   * @param cut whether there was more of it than was to be kept
   * @param ended whether a line end follows
   */
  record Line(long number, String text, boolean cut, boolean ended) {}

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
    String text = bytes.toString(StandardCharsets.UTF_8);
    return new Line(
        number, text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, cut, ended);
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
