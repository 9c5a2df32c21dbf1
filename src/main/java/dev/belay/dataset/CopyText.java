package dev.belay.dataset;

/**
 * Values on their way to {@code COPY … FROM STDIN}, escaped as it wants them. What is full is
 * handed on, so a value of any size goes through. For one thread.
 */
final class CopyText {
  private static final int BUFFER_BYTES = 1 << 16;

  private final byte[] buffer = new byte[BUFFER_BYTES];
  private RowSink sink;
  private int size;
  private boolean kept = true;
  private long handed;
  private long valueFrom;
  private long rowFrom;

  CopyText(RowSink sink) {
    this.sink = sink;
  }

  /** Whether what comes now is kept, or dropped as a value that nobody wants. */
  void keep(boolean keep) {
    kept = keep;
  }

  void beginRow() {
    rowFrom = handed + size;
    valueFrom = rowFrom;
  }

  void beginValue() {
    valueFrom = handed + size;
  }

  /** Bytes of the value so far, as they are sent. */
  long valueBytes() {
    return handed + size - valueFrom;
  }

  /** Bytes of the row so far, as they are sent. */
  long rowBytes() {
    return handed + size - rowFrom;
  }

  /** Bytes that need no escape, or are escaped already. */
  void put(byte[] from, int at, int length) {
    if (!kept) {
      return;
    }
    int done = 0;
    while (length - done > BUFFER_BYTES - size) {
      int fits = BUFFER_BYTES - size;
      System.arraycopy(from, at + done, buffer, size, fits);
      size += fits;
      done += fits;
      flush();
    }
    System.arraycopy(from, at + done, buffer, size, length - done);
    size += length - done;
  }

  /** One byte that needs no escape. */
  void put(int single) {
    if (!kept) {
      return;
    }
    if (size == BUFFER_BYTES) {
      flush();
    }
    buffer[size++] = (byte) single;
  }

  /** One byte of a value, escaped where it must be. */
  void value(int single) {
    switch (single) {
      case '\\' -> escape('\\');
      case '\n' -> escape('n');
      case '\r' -> escape('r');
      case '\t' -> escape('t');
      default -> put(single);
    }
  }

  private void escape(char letter) {
    put('\\');
    put(letter);
  }

  /** A character of a value, in UTF-8. */
  void point(int point) {
    if (point < 0x80) {
      value(point);
    } else if (point < 0x800) {
      put(0xC0 | (point >> 6));
      follow(point);
    } else if (point < 0x10000) {
      put(0xE0 | (point >> 12));
      follow(point >> 6);
      follow(point);
    } else {
      put(0xF0 | (point >> 18));
      follow(point >> 12);
      follow(point >> 6);
      follow(point);
    }
  }

  private void follow(int bits) {
    put(0x80 | (bits & 0x3F));
  }

  /** Hands on what is there. */
  void flush() {
    if (size > 0) {
      sink.write(buffer, 0, size);
      handed += size;
      size = 0;
    }
  }
}
