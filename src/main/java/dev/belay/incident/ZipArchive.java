package dev.belay.incident;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A {@code .zip}. The JDK's own says nothing about modes, so they are put into its directory. */
final class ZipArchive implements Archive {
  private static final int DIRECTORY_ENTRY = 0x02014b50;
  private static final int DIRECTORY_ENTRY_LENGTH = 46;
  private static final byte UNIX = 3;
  private static final int MODE = 0100600 << 16;

  private final Held held;
  private final ZipOutputStream zip;

  ZipArchive(OutputStream into) {
    this.held = new Held(into);
    this.zip = new ZipOutputStream(held);
  }

  @Override
  public void add(String name, Instant modified, Path content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setLastModifiedTime(FileTime.from(modified));
    zip.putNextEntry(entry);
    Files.copy(content, zip);
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.flush();
    held.hold();
    zip.finish();
    held.release();
  }

  /** Holds the directory of the archive back until the modes are in it. */
  private static final class Held extends FilterOutputStream {
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private boolean holding;

    Held(OutputStream out) {
      super(out);
    }

    void hold() {
      holding = true;
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (holding) {
        directory.write(bytes, offset, length);
      } else {
        out.write(bytes, offset, length);
      }
    }

    void release() throws IOException {
      byte[] bytes = directory.toByteArray();
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      int at = 0;
      while (at + DIRECTORY_ENTRY_LENGTH <= bytes.length && buffer.getInt(at) == DIRECTORY_ENTRY) {
        buffer.put(at + 5, UNIX);
        buffer.putInt(at + 38, MODE);
        at +=
            DIRECTORY_ENTRY_LENGTH
                + Short.toUnsignedInt(buffer.getShort(at + 28))
                + Short.toUnsignedInt(buffer.getShort(at + 30))
                + Short.toUnsignedInt(buffer.getShort(at + 32));
      }
      out.write(bytes);
      out.flush();
    }
  }
}
