package dev.belay.flyway;

import java.io.IOException;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/** The checksum that Flyway records for a script, computed without holding the script in memory. */
final class ScriptText {
  private static final int BYTE_ORDER_MARK = '\uFEFF';
  private static final int CHUNK = 8192;

  private ScriptText() {}

  /** Opens a script; text that is not of that encoding is an error, not a question mark. */
  static Reader open(Path file, Charset encoding) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    return Channels.newReader(channel, encoding.newDecoder(), CHUNK);
  }

  /**
   * A CRC-32 over the UTF-8 form of all characters but line ends and a byte order mark at the
   * begin. Line ends are left out by Flyway because it reads line by line.
   */
  static int checksum(Reader reader) throws IOException {
    CRC32 sum = new CRC32();
    Utf8 utf8 = new Utf8(sum);
    char[] chunk = new char[CHUNK];
    boolean atBegin = true;
    for (int read = reader.read(chunk); read >= 0; read = reader.read(chunk)) {
      for (int index = 0; index < read; index++) {
        char next = chunk[index];
        boolean skipped = next == '\n' || next == '\r' || (atBegin && next == BYTE_ORDER_MARK);
        atBegin = false;
        if (!skipped) {
          utf8.add(next);
        }
      }
    }
    utf8.finish();
    return (int) sum.getValue();
  }

  /** Encodes character by character, because a pair of surrogates may lie across two chunks. */
  private static final class Utf8 {
    private final CRC32 sum;
    private char high;

    Utf8(CRC32 sum) {
      this.sum = sum;
    }

    void add(char next) {
      if (high != 0 && Character.isLowSurrogate(next)) {
        int point = Character.toCodePoint(high, next);
        high = 0;
        sum.update(0xF0 | (point >> 18));
        sum.update(0x80 | ((point >> 12) & 0x3F));
        sum.update(0x80 | ((point >> 6) & 0x3F));
        sum.update(0x80 | (point & 0x3F));
        return;
      }
      finish();
      if (Character.isHighSurrogate(next)) {
        high = next;
      } else if (Character.isLowSurrogate(next)) {
        sum.update('?');
      } else if (next < 0x80) {
        sum.update(next);
      } else if (next < 0x800) {
        sum.update(0xC0 | (next >> 6));
        sum.update(0x80 | (next & 0x3F));
      } else {
        sum.update(0xE0 | (next >> 12));
        sum.update(0x80 | ((next >> 6) & 0x3F));
        sum.update(0x80 | (next & 0x3F));
      }
    }

    /** Half a pair is written as Java writes it. */
    void finish() {
      if (high != 0) {
        high = 0;
        sum.update('?');
      }
    }
  }
}
