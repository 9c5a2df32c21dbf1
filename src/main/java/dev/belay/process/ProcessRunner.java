package dev.belay.process;

import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.PassingTrouble;
import dev.belay.core.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program to its end. The caller judges the exit status; only a program that cannot run, or
 * that makes no progress, fails. A child never outlives an interrupted Belay: it is ended with all
 * its descendants by a shutdown hook.
 */
public final class ProcessRunner {
  private static final ProcessBuilder.Redirect NOTHING =
      ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile());
  private static final long PAUSE_MILLIS = 500;

  private static final Pattern CAUSE = Pattern.compile("error(?:=|: )\\d+,? \\(?([^)]*)\\)?\\s*$");

  private final Function<Runnable, Cleanup.Pending> register;

  /** One that starts nothing any more once a signal ends the program. */
  public ProcessRunner() {
    this(Cleanup::register);
  }

  private ProcessRunner(Function<Runnable, Cleanup.Pending> register) {
    this.register = register;
  }

  /**
   * One that also starts what must still be done while a signal ends the program; then only the
   * time limit of a child ends it.
   */
  public static ProcessRunner evenAtTheEnd() {
    return new ProcessRunner(Cleanup::registerEvenAtTheEnd);
  }

  /** What the caller does with the child's standard output, until its end. */
  @FunctionalInterface
  public interface Reader {
    void read(InputStream output) throws IOException;
  }

  /** What the caller writes to the child's standard input; it is closed afterwards. */
  @FunctionalInterface
  public interface Writer {
    void write(OutputStream input) throws IOException;
  }

  /**
   * Runs the program with its output in the log: no pump threads, nothing to lose, nothing to
   * block.
   *
   * @throws Failure UNAVAILABLE when it cannot be started, FAILED when it stalls
   */
  public ProcessResult run(ProcessCall call) {
    ProcessBuilder builder = builder(call);
    builder.redirectErrorStream(true);
    builder.redirectInput(NOTHING);
    builder.redirectOutput(appendTo(call));
    return supervise(call, builder, null);
  }

  /**
   * Runs the program and hands its standard output to {@code reader}; standard error goes to the
   * log.
   *
   * @throws Failure UNAVAILABLE when it cannot be started, FAILED when it stalls or the reader
   *     fails; a Failure of the reader comes out as it is
   */
  public ProcessResult read(ProcessCall call, Reader reader) {
    ProcessBuilder builder = builder(call);
    builder.redirectInput(NOTHING);
    builder.redirectError(appendTo(call));
    return supervise(call, builder, process -> Pump.reading(process, reader));
  }

  /**
   * Runs the program and feeds its standard input from {@code writer}; what it prints goes to the
   * log. A child that ends before it has read everything is judged by its exit status alone.
   *
   * @throws Failure UNAVAILABLE when it cannot be started, FAILED when it stalls or the writer
   *     fails; a Failure of the writer comes out as it is
   */
  public ProcessResult write(ProcessCall call, Writer writer) {
    ProcessBuilder builder = builder(call);
    builder.redirectErrorStream(true);
    builder.redirectOutput(appendTo(call));
    return supervise(call, builder, process -> Pump.writing(process, writer));
  }

  private static ProcessBuilder builder(ProcessCall call) {
    ProcessBuilder builder = new ProcessBuilder(call.command());
    call.removed().forEach(builder.environment()::remove);
    builder.environment().putAll(call.environment());
    return builder;
  }

  private static ProcessBuilder.Redirect appendTo(ProcessCall call) {
    return ProcessBuilder.Redirect.appendTo(call.log().toFile());
  }

  private ProcessResult supervise(
      ProcessCall call, ProcessBuilder builder, @Nullable Function<Process, Pump> traffic) {
    Instant begin = Instant.now();
    ProcessLog log = ProcessLog.open(call);
    ProcessTree tree = new ProcessTree();
    // Registered before the start: a signal in between must not leave the child behind.
    try (Cleanup.Pending pending = register.apply(tree::end)) {
      Process process = start(call, builder, tree);
      Pump pump = traffic == null ? null : traffic.apply(process);
      watch(call, tree, process, pump);
      int status = process.exitValue();
      if (pump != null && pump.broken() != null) {
        throw notPassedOn(call, pump.broken());
      }
      if (status == 0) {
        pending.cancel();
      }
      return new ProcessResult(
          status, log.tail(), call.log(), Duration.between(begin, Instant.now()));
    }
  }

  private static Process start(ProcessCall call, ProcessBuilder builder, ProcessTree tree) {
    try {
      return tree.start(builder);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot run " + call.command().get(0) + ": " + cause(cannot),
              "check that it is installed and may be executed: ls -l "
                  + ShellWords.quote(call.command().get(0)))
          .causedBy(cannot);
    }
  }

  /** Why a program could not be started, in the words of the system. */
  static String cause(IOException cannot) {
    Matcher cause = CAUSE.matcher(String.valueOf(cannot.getMessage()));
    return cause.find() ? cause.group(1) : String.valueOf(cannot.getMessage());
  }

  /** Waits for the end of child and traffic; ends both when neither gets on for too long. */
  private static void watch(
      ProcessCall call, ProcessTree tree, Process process, @Nullable Pump pump) {
    Stall stall = new Stall(call);
    long pause = Math.min(PAUSE_MILLIS, stall.pauseMillis());
    try {
      while (!process.waitFor(pause, TimeUnit.MILLISECONDS)) {
        tree.observe();
        endIfStalled(call, tree, stall);
      }
      if (pump == null) {
        return;
      }
      if (process.exitValue() != 0) {
        // Workers of a dead leader would keep the pipe open.
        tree.end();
      }
      while (!pump.await(pause)) {
        endIfStalled(call, tree, stall);
      }
    } catch (InterruptedException interrupted) {
      tree.end();
      Thread.currentThread().interrupt();
      throw Failure.failed(
          name(call) + " was interrupted", "run the command again when you are ready");
    }
  }

  private static void endIfStalled(ProcessCall call, ProcessTree tree, Stall stall) {
    if (stall.isOver()) {
      tree.end();
      throw Failure.failed(
              name(call)
                  + " made no progress for "
                  + Units.duration(call.stallTimeout())
                  + " and was ended",
              "look at "
                  + ShellWords.quote(call.log().toString())
                  + " and the server, then run it again; --set stall-timeout=1h waits longer")
          .causedBy(new PassingTrouble("the program hung"));
    }
  }

  private static Failure notPassedOn(ProcessCall call, @Nullable Throwable broken) {
    if (broken instanceof Failure failure) {
      return failure;
    }
    if (broken instanceof Error error) {
      throw error;
    }
    String reason =
        broken instanceof IOException
            ? String.valueOf(broken.getMessage())
            : String.valueOf(broken);
    Failure failure =
        Failure.failed(
            "the data of " + name(call) + " could not be passed on: " + reason,
            "see whether there is free space with: df -h, then run it again");
    return broken == null ? failure : failure.causedBy(broken);
  }

  private static String name(ProcessCall call) {
    return String.valueOf(Path.of(call.command().get(0)).getFileName());
  }

  /** How long the child has not got on. */
  private static final class Stall {
    private final ProcessCall call;
    private long last = Long.MIN_VALUE;
    private long lastChange = System.nanoTime();

    Stall(ProcessCall call) {
      this.call = call;
    }

    long pauseMillis() {
      long millis = call.stallTimeout().toMillis();
      return millis == 0 ? PAUSE_MILLIS : Math.max(20, millis / 4);
    }

    boolean isOver() {
      if (call.stallTimeout().isZero()) {
        return false;
      }
      long now = call.progress().getAsLong();
      if (now != last) {
        last = now;
        lastChange = System.nanoTime();
      }
      return System.nanoTime() - lastChange > call.stallTimeout().toNanos();
    }
  }
}
