package dev.belay.pgtools;

import dev.belay.core.Failure;
import dev.belay.postgres.Databases;
import java.util.function.LongConsumer;

/** Runs {@code pg_dump}. */
public final class PgDump {
  private final Databases databases;

  public PgDump(Databases databases) {
    this.databases = databases;
  }

  /**
   * Dumps. When it fails, what was written is the caller's to remove.
   *
   * @param bytesWritten is told how many bytes there are so far, now and then
   * @throws Failure USAGE when the tool does not have the codec, REFUSED when something is at the
   *     output already, FINDINGS when the database itself is damaged, UNAVAILABLE when the server
   *     does not let it in, FAILED when it ends in another error or stalls
   */
  @SuppressWarnings("DoNotCallSuggester")
  public DumpResult run(DumpRequest request, LongConsumer bytesWritten) {
    throw new UnsupportedOperationException(databases + " " + request + bytesWritten);
  }
}
