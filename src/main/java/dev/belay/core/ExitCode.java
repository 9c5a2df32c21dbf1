package dev.belay.core;

/**
 * The exit status of the program: one answer to "what state is my database in?". From 2 to 19 the
 * target is as it was; from 20 on, look at it.
 */
public enum ExitCode {
  /** Done, or every check passed. */
  OK(0),
  /** A defect of Belay; 1 is also what a JVM that does not start exits with. */
  UNEXPECTED(1),
  /** The command line or the configuration is wrong. */
  USAGE(2),
  /** The checks ran and found something. */
  FINDINGS(10),
  /** A safety rule stopped the command before any change. */
  REFUSED(11),
  /** A server, program, file, lock or permission is missing. */
  UNAVAILABLE(12),
  /** A step failed; nothing was changed, or everything was rolled back. */
  FAILED(13),
  /** A step failed after the change began: look at the target. */
  INCOMPLETE(20);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  /** The process exit status, 0 to 255. */
  public int status() {
    return status;
  }
}
