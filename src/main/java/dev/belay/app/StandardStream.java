package dev.belay.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Standard output or error. A reader that has seen enough ({@code | head -1}) is no error, and what
 * comes after goes nowhere; a full disk is one.
 */
final class StandardStream extends OutputStream {
  private final OutputStream file;
  private boolean readerIsGone;

  StandardStream(FileDescriptor descriptor) {
    file = new FileOutputStream(descriptor);
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (readerIsGone) {
      return;
    }
    try {
      file.write(bytes, offset, length);
    } catch (IOException broken) {
      if (!"Broken pipe".equals(broken.getMessage())) {
        throw broken;
      }
      readerIsGone = true;
    }
  }
}
