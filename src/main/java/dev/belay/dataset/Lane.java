package dev.belay.dataset;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one session renders of one piece, on its way to the one thread that writes. It holds so much
 * and no more: a session that is ahead of the writing waits.
 */
final class Lane {
  /** The size of a chunk in bytes. */
  static final int CHUNK_BYTES = 1 << 18;

  private static final long LOOK_EVERY_MILLIS = 100;

  /** Chunks that were written, to be filled again. */
  static final class Spare {
    private final ConcurrentLinkedQueue<byte[]> chunks = new ConcurrentLinkedQueue<>();

    byte[] take() {
      byte[] chunk = chunks.poll();
      return chunk == null ? new byte[CHUNK_BYTES] : chunk;
    }

    void give(byte[] chunk) {
      chunks.add(chunk);
    }
  }

  /** Some bytes, or the mark that no more come. */
  static final class Chunk {
    final byte[] bytes;
    final int length;

    /**
     * @param length how many of the bytes; below zero: none will come
     */
    Chunk(byte[] bytes, int length) {
      this.bytes = bytes;
      this.length = length;
    }
  }

  /** Thrown where a session or the writing is to end because another has failed. */
  static final class Ended extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1;

    Ended() {
      super("another session has failed", null, false, false);
    }
  }

  private static final byte[] NONE = {};

  private final Piece piece;
  private final BlockingQueue<Chunk> chunks;
  private final Spare spare;
  private final BooleanSupplier ended;
  private byte[] bytes;
  private int size;
  private long rows;

  /**
   * @param most how many chunks it holds
   * @param ended whether everything is to end
   */
  Lane(Piece piece, int most, Spare spare, BooleanSupplier ended) {
    this.piece = piece;
    this.chunks = new ArrayBlockingQueue<>(most);
    this.spare = spare;
    this.ended = ended;
    this.bytes = NONE;
  }

  Piece piece() {
    return piece;
  }

  /** How many rows went through, once the last chunk was taken. */
  long rows() {
    return rows;
  }

  void rowDone() {
    rows++;
  }

  void put(byte[] from, int at, int length) {
    int done = 0;
    while (length - done > bytes.length - size) {
      int fits = bytes.length - size;
      System.arraycopy(from, at + done, bytes, size, fits);
      size += fits;
      done += fits;
      next();
    }
    System.arraycopy(from, at + done, bytes, size, length - done);
    size += length - done;
  }

  void put(byte[] all) {
    put(all, 0, all.length);
  }

  void put(char single) {
    if (size == bytes.length) {
      next();
    }
    bytes[size++] = (byte) single;
  }

  void escape(int special) {
    if (bytes.length - size < JsonText.LONGEST_ESCAPE) {
      next();
    }
    size = JsonText.escape(special, bytes, size);
  }

  /** No more comes. */
  void close() {
    hand();
    offer(new Chunk(NONE, -1));
  }

  private void next() {
    hand();
    bytes = spare.take();
    size = 0;
  }

  private void hand() {
    if (size > 0) {
      offer(new Chunk(bytes, size));
    }
    bytes = NONE;
    size = 0;
  }

  private void offer(Chunk chunk) {
    try {
      while (!chunks.offer(chunk, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
        if (ended.getAsBoolean()) {
          throw new Ended();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Ended();
    }
  }

  /** The next chunk, to be given back as spare; null after the last one. */
  @Nullable Chunk take() throws InterruptedException {
    while (true) {
      Chunk chunk = chunks.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      if (chunk != null) {
        return chunk.length < 0 ? null : chunk;
      }
      if (ended.getAsBoolean()) {
        throw new Ended();
      }
    }
  }
}
