package dev.belay.core;

import java.io.Serial;
import java.util.function.UnaryOperator;

/**
 * The one exception of this program: what happened, what state the target is in, and what to do
 * next. It cannot be made without a hint. The factories read as sentences: {@code throw
 * Failure.refused("…", "…")}. Messages are lower case without a full stop.
 */
public final class Failure extends RuntimeException {
  /** The {@code state:} line of every failure that left the target alone. */
  public static final String UNCHANGED = "the database was not changed";

  @Serial private static final long serialVersionUID = 1;

  private final ExitCode exitCode;
  private final String state;
  private final String hint;

  private Failure(ExitCode exitCode, String message, String state, String hint) {
    super(message);
    this.exitCode = exitCode;
    this.state = state;
    this.hint = hint;
  }

  /** The command line or the configuration is wrong. */
  public static Failure usage(String message, String hint) {
    return new Failure(ExitCode.USAGE, message, UNCHANGED, hint);
  }

  /** A check found something where an answer was expected, such as a damaged backup. */
  public static Failure findings(String message, String hint) {
    return new Failure(ExitCode.FINDINGS, message, UNCHANGED, hint);
  }

  /** A safety rule stopped the command before any change. */
  public static Failure refused(String message, String hint) {
    return new Failure(ExitCode.REFUSED, message, UNCHANGED, hint);
  }

  /** A server, program, file, lock or permission is missing. */
  public static Failure unavailable(String message, String hint) {
    return new Failure(ExitCode.UNAVAILABLE, message, UNCHANGED, hint);
  }

  /** A step failed; nothing was changed, or everything was rolled back. */
  public static Failure failed(String message, String hint) {
    return new Failure(ExitCode.FAILED, message, UNCHANGED, hint);
  }

  /**
   * A step failed after the change began.
   *
   * @param state what the target is like now, as a sentence
   */
  public static Failure incomplete(String message, String state, String hint) {
    return new Failure(ExitCode.INCOMPLETE, message, state, hint);
  }

  /** A defect of Belay itself, or too little memory for it. */
  public static Failure unexpected(Throwable defect) {
    boolean full = defect instanceof OutOfMemoryError;
    Failure failure =
        new Failure(
            ExitCode.UNEXPECTED,
            (full ? "belay has too little memory: " : "a defect of belay: ") + defect,
            "not known to be touched",
            full
                ? "give it more with: export JAVA_TOOL_OPTIONS=-Xmx1g"
                : "report it with its trace, at the end of belay.log or below");
    failure.initCause(defect);
    return failure;
  }

  /** The same failure with its cause, for the log; the first cause that is named stays. */
  public Failure causedBy(Throwable cause) {
    if (getCause() == null && cause != this) {
      initCause(cause);
    }
    return this;
  }

  /** The same failure with a more exact sentence about the state of the target. */
  public Failure withState(String exactState) {
    Failure failure = new Failure(exitCode, message(), exactState, hint);
    failure.initCause(this);
    return failure;
  }

  /** The same failure that says first what it is about, such as {@code table public.orders}. */
  public Failure about(String what) {
    Failure failure = new Failure(exitCode, what + ": " + message(), state, hint);
    failure.initCause(this);
    return failure;
  }

  /**
   * The same failure, as it was thrown, with other words for its state and its hint.
   *
   * @param words gives for each of the two what is to be said instead
   */
  public Failure reworded(UnaryOperator<String> words) {
    String otherState = words.apply(state);
    String otherHint = words.apply(hint);
    if (otherState.equals(state) && otherHint.equals(hint)) {
      return this;
    }
    Failure failure = new Failure(exitCode, message(), otherState, otherHint);
    if (getCause() != null) {
      failure.initCause(getCause());
    }
    failure.setStackTrace(getStackTrace());
    for (Throwable each : getSuppressed()) {
      failure.addSuppressed(each);
    }
    return failure;
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** What happened. */
  public String message() {
    return String.valueOf(getMessage());
  }

  /** What the target is like now. */
  public String state() {
    return state;
  }

  /** One action to take next. */
  public String hint() {
    return hint;
  }
}
