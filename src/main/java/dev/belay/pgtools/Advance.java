package dev.belay.pgtools;

import java.nio.file.Path;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A number that changes while a tool gets on: bytes it wrote or read, lines of its log, and how
 * often the server was seen working for it. Asked by one thread.
 */
final class Advance implements LongSupplier {
  /** Measuring takes at most a twentieth of the time. */
  private static final int REST = 20;

  private final Path log;
  private final ToolSessions sessions;
  private final LongSupplier bytes;
  private final LongConsumer listener;
  private long measured;
  private long notBefore = Long.MIN_VALUE;

  Advance(Path log, ToolSessions sessions, LongSupplier bytes, LongConsumer listener) {
    this.log = log;
    this.sessions = sessions;
    this.bytes = bytes;
    this.listener = listener;
  }

  @Override
  public long getAsLong() {
    long begin = System.nanoTime();
    if (notBefore == Long.MIN_VALUE || begin - notBefore >= 0) {
      measured = bytes.getAsLong();
      notBefore = begin + (System.nanoTime() - begin) * REST;
      listener.accept(measured);
    }
    return measured + ToolOutput.position(log) + sessions.seenWorking();
  }
}
