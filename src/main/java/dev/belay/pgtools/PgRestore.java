package dev.belay.pgtools;

import dev.belay.core.Failure;
import dev.belay.postgres.Databases;
import java.nio.file.Path;
import java.time.Duration;

/** Runs {@code pg_restore}. */
public final class PgRestore {
  private final Databases databases;

  public PgRestore(Databases databases) {
    this.databases = databases;
  }

  /**
   * Restores. In place, a failure leaves the target as it was; elsewhere it may hold a part.
   *
   * @throws Failure UNAVAILABLE when the server does not let it in or no key fits, FINDINGS when
   *     the archive is damaged, FAILED when it ends in another error or stalls
   */
  @SuppressWarnings("DoNotCallSuggester")
  public RestoreResult restore(RestoreRequest request) {
    throw new UnsupportedOperationException(databases + " " + request);
  }

  /**
   * Proves that pg_restore can read every byte of the archive. It does not see a table whose file
   * was emptied: that is for the checksums to find.
   *
   * @throws Failure FINDINGS when it cannot, in words; UNAVAILABLE when no key fits
   */
  @SuppressWarnings("DoNotCallSuggester")
  public void readable(DumpArchive archive, Tool tool, Path log, Duration stallTimeout) {
    throw new UnsupportedOperationException("" + archive + tool + log + stallTimeout);
  }

  /**
   * What is in the archive.
   *
   * @throws Failure FINDINGS when it cannot be read; UNAVAILABLE when no key fits
   */
  @SuppressWarnings("DoNotCallSuggester")
  public Contents contents(DumpArchive archive, Tool tool, Path log, Duration stallTimeout) {
    throw new UnsupportedOperationException("" + archive + tool + log + stallTimeout);
  }
}
