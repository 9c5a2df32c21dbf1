package dev.belay.journal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** Where this program runs, and whether a process that wrote something is still there. */
public final class ThisProcess {
  /**
   * Linux tells when a process began by the moment of its boot in whole seconds, of which two
   * processes may see different ones while the clock is being set right.
   */
  private static final long CLOCK_MILLIS = 2_000;

  private ThisProcess() {}

  /** The machine's own name, without asking a name server where the system tells. */
  public static String host() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException notLinux) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException nameless) {
        return "unknown";
      }
    }
  }

  static long pid() {
    return ProcessHandle.current().pid();
  }

  /** As whom the operating system runs it. */
  public static String user() {
    return System.getProperty("user.name", "unknown");
  }

  /** In milliseconds since 1970; 0 where the system does not tell. */
  public static long startedMillis() {
    return started(ProcessHandle.current());
  }

  /**
   * Whether that very process is still running; a process id that was given anew does not count.
   *
   * @param startedMillis by {@link #startedMillis} of that process; 0: it is not known
   */
  public static boolean isRunning(long pid, long startedMillis) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    return process.isPresent()
        && process.get().isAlive()
        && (startedMillis == 0 || Math.abs(started(process.get()) - startedMillis) <= CLOCK_MILLIS);
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
