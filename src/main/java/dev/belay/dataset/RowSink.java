package dev.belay.dataset;

/**
 * Takes rows as the text that {@code COPY … FROM STDIN} reads, piece by piece. A piece need not end
 * where a row ends, so that a value of any size goes through.
 */
@FunctionalInterface
public interface RowSink {
  /** The next bytes; they are valid until this returns. */
  void write(byte[] bytes, int offset, int length);
}
