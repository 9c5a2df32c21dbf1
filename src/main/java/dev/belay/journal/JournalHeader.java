package dev.belay.journal;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.core.RunId;
import java.time.Instant;
import java.util.Objects;

/**
 * The first line of a journal: which run this is.
 *
 * @param journal version of this form
 * @param target {@code database@host:port}
 * @param processStartedMillis since 1970, to tell a process id that was given anew; 0: not known
 */
public record JournalHeader(
    int journal,
    String run,
    String command,
    String target,
    String host,
    long pid,
    long processStartedMillis,
    String user,
    Instant at) {
  /** The version of this form that this program writes. */
  public static final int VERSION = 1;

  /** A line without them is of something else that lies in the folder. */
  public JournalHeader {
    Objects.requireNonNull(run, "run");
    Objects.requireNonNull(command, "command");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(user, "user");
    Objects.requireNonNull(at, "at");
  }

  /** The header of a run of this process. */
  public static JournalHeader here(RunId run, String command, String target) {
    return new JournalHeader(
        VERSION,
        run.text(),
        command,
        target,
        ThisProcess.host(),
        ThisProcess.pid(),
        ThisProcess.startedMillis(),
        ThisProcess.user(),
        Instant.now());
  }

  /** Whether its process may still be at work: it is running here, or it is of another machine. */
  public boolean mayBeRunning() {
    return !isOfThisMachine() || ThisProcess.isRunning(pid, processStartedMillis);
  }

  /** Whether it ran on this machine, as far as the name of the machine tells. */
  @JsonIgnore
  public boolean isOfThisMachine() {
    return host.equals(ThisProcess.host());
  }
}
