package dev.belay.incident;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/** A {@code .tar.gz} in the form of POSIX (ustar), which everything unpacks. */
final class TarArchive implements Archive {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int PREFIX = 155;

  private final GZIPOutputStream out;

  TarArchive(OutputStream into) throws IOException {
    this.out = new GZIPOutputStream(into, 1 << 16);
  }

  @Override
  public void add(String name, Instant modified, Path content) throws IOException {
    long size = Files.size(content);
    out.write(header(name, size, Math.max(0, modified.getEpochSecond())));
    long copied = Files.copy(content, out);
    if (copied != size) {
      throw new IOException(content + " changed while it was read");
    }
    out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
  }

  private static byte[] header(String name, long size, long seconds) {
    byte[] header = new byte[BLOCK];
    int slash = name.length() <= NAME ? -1 : name.lastIndexOf('/', PREFIX);
    put(header, 0, NAME, name.substring(slash + 1));
    put(header, 100, 8, "0000600");
    put(header, 108, 8, "0000000");
    put(header, 116, 8, "0000000");
    put(header, 124, 12, String.format("%011o", size));
    put(header, 136, 12, String.format("%011o", seconds));
    put(header, 148, 8, "        ");
    header[156] = '0';
    put(header, 257, 8, "ustar\u000000");
    if (slash > 0) {
      put(header, 345, PREFIX, name.substring(0, slash));
    }
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xff;
    }
    put(header, 148, 8, String.format("%06o\u0000 ", sum));
    return header;
  }

  private static void put(byte[] header, int at, int room, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > room) {
      throw new IllegalArgumentException(text);
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.finish();
    out.flush();
  }
}
