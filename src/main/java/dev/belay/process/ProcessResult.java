package dev.belay.process;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a program ended.
 *
 * @param status its exit status; 128+n when signal n ended it
 * @param tail the last lines of what it printed, at most some 4 kB
 * @param log where all of what it printed is
 */
public record ProcessResult(int status, String tail, Path log, Duration duration) {
  /** Whether it exited with status 0. */
  public boolean succeeded() {
    return status == 0;
  }
}
