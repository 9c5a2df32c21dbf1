package dev.belay.cli;

import dev.belay.core.ExitCode;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the record of who changed what: the program says where, the commands only that. */
public interface Recorder {
  /** The run that is recorded; its sessions and its journal bear the same name. */
  RunId run();

  /**
   * Writes that an operation begins; it is on the disk when this returns.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when it cannot be written, REFUSED when what is
   *     there already is not as it was written
   */
  Recording begin(Beginning beginning);

  /**
   * Writes what was put right of runs that were killed.
   *
   * @throws dev.belay.core.Failure when it cannot be written
   */
  void recovered(Beginning by, List<String> done);

  /**
   * What is about to be done.
   *
   * @param folder of the journals, where the record is kept
   * @param command its name, such as {@code import-data}
   * @param arguments as they were given, without secrets
   * @param target null: it reaches no database
   * @param plan the digest of the plan that was agreed to; null: it has none
   */
  record Beginning(
      Path folder,
      String command,
      String arguments,
      @Nullable Target target,
      @Nullable String plan) {}

  /** One operation that was recorded as begun. */
  interface Recording {
    /**
     * Writes that another plan was agreed to on the way.
     *
     * @param plan its digest
     * @throws dev.belay.core.Failure as {@link Recorder#begin}
     */
    void agreed(String plan);

    /**
     * Writes how it ended.
     *
     * @throws dev.belay.core.Failure when it cannot be written; what was done stays done
     */
    void ended(Ending ending);
  }

  /**
   * How an operation ended.
   *
   * @param exitCode null: the program was ended by a signal
   * @param databaseChanged null: not known
   * @param message of the failure, without secrets; null: it did not fail
   */
  record Ending(
      @Nullable ExitCode exitCode,
      @Nullable Boolean databaseChanged,
      Duration duration,
      @Nullable String message) {}
}
