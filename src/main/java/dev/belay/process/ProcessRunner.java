package dev.belay.process;

import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program to its end. The caller judges the exit status; only a program that cannot run, or
 * that makes no progress, fails. A child never outlives an interrupted Belay: it is ended with all
 * its descendants by a shutdown hook.
 */
public final class ProcessRunner {
  private static final int TAIL_BYTES = 4096;

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
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(call.log().toFile()));
    return supervise(call, builder, null);
  }

  /**
   * Runs the program and hands its standard output to {@code reader}; standard error goes to the
   * log.
   *
   * @throws Failure UNAVAILABLE when it cannot be started, FAILED when it stalls or the reader
   *     fails
   */
  public ProcessResult read(ProcessCall call, Reader reader) {
    ProcessBuilder builder = builder(call);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectError(ProcessBuilder.Redirect.appendTo(call.log().toFile()));
    return supervise(
        call,
        builder,
        process -> {
          try (InputStream output = process.getInputStream()) {
            reader.read(output);
          }
        });
  }

  /**
   * Runs the program and feeds its standard input from {@code writer}; what it prints goes to the
   * log. A child that ends before it has read everything is judged by its exit status alone.
   *
   * @throws Failure UNAVAILABLE when it cannot be started, FAILED when it stalls or the writer
   *     fails
   */
  public ProcessResult write(ProcessCall call, Writer writer) {
    ProcessBuilder builder = builder(call);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(call.log().toFile()));
    return supervise(
        call,
        builder,
        process -> {
          try (OutputStream input = process.getOutputStream()) {
            writer.write(input);
          }
        });
  }

  @FunctionalInterface
  private interface Traffic {
    void flow(Process process) throws IOException;
  }

  private static ProcessBuilder builder(ProcessCall call) {
    ProcessBuilder builder = new ProcessBuilder(call.command());
    call.removed().forEach(builder.environment()::remove);
    builder.environment().putAll(call.environment());
    return builder;
  }

  private static ProcessResult supervise(
      ProcessCall call, ProcessBuilder builder, @Nullable Traffic traffic) {
    Instant begin = Instant.now();
    Process process = start(call, builder);
    ProcessTree tree = new ProcessTree(process.toHandle());
    try (Cleanup.Pending pending = Cleanup.register(tree::end)) {
      AtomicReference<@Nullable IOException> broken = new AtomicReference<>();
      Thread pump = traffic == null ? null : pump(process, traffic, broken);
      boolean stalled = !await(process, tree, call);
      if (pump != null) {
        join(pump);
      }
      if (stalled) {
        throw Failure.failed(
            name(call)
                + " made no progress for "
                + Units.duration(call.stallTimeout())
                + " and was ended",
            "look at " + call.log() + " and the server, then run it again");
      }
      IOException cause = broken.get();
      int status = process.exitValue();
      if (cause != null && status == 0) {
        throw Failure.failed(
                "the output of " + name(call) + " could not be passed on: " + cause.getMessage(),
                "free disk space or check the folder, then run it again")
            .causedBy(cause);
      }
      return new ProcessResult(
          status, tail(call.log()), call.log(), Duration.between(begin, Instant.now()));
    }
  }

  private static Process start(ProcessCall call, ProcessBuilder builder) {
    try {
      Files.writeString(
          call.log(),
          Instant.now() + " $ " + call + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return builder.start();
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot run " + name(call) + ": " + cannot.getMessage(),
              "check that it is installed and that " + call.log().getParent() + " can be written")
          .causedBy(cannot);
    }
  }

  /** An error on the way kills the child, since nobody reads or feeds it any more. */
  private static Thread pump(
      Process process, Traffic traffic, AtomicReference<@Nullable IOException> broken) {
    Thread pump =
        new Thread(
            () -> {
              try {
                traffic.flow(process);
              } catch (IOException | RuntimeException failed) {
                broken.set(
                    failed instanceof IOException io
                        ? io
                        : new IOException(failed.toString(), failed));
                process.destroyForcibly();
              }
            },
            "pump");
    pump.setDaemon(true);
    pump.start();
    return pump;
  }

  /** Waits for the end; false when the watchdog had to end it. */
  private static boolean await(Process process, ProcessTree tree, ProcessCall call) {
    long last = Long.MIN_VALUE;
    long lastChange = System.nanoTime();
    boolean watched = !call.stallTimeout().isZero();
    long pause = watched ? Math.min(500, Math.max(20, call.stallTimeout().toMillis() / 4)) : 500;
    try {
      while (!process.waitFor(pause, TimeUnit.MILLISECONDS)) {
        tree.observe();
        if (!watched) {
          continue;
        }
        long now = call.progress().getAsLong();
        if (now != last) {
          last = now;
          lastChange = System.nanoTime();
        } else if (System.nanoTime() - lastChange > call.stallTimeout().toNanos()) {
          tree.end();
          process.waitFor();
          return false;
        }
      }
      return true;
    } catch (InterruptedException interrupted) {
      tree.end();
      Thread.currentThread().interrupt();
      throw Failure.failed(
          name(call) + " was interrupted", "run the command again when you are ready");
    }
  }

  private static void join(Thread pump) {
    try {
      pump.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String name(ProcessCall call) {
    return String.valueOf(Path.of(call.command().get(0)).getFileName());
  }

  private static String tail(Path log) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      long from = Math.max(0, file.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return String.join(
          "\n", from > 0 ? lines.subList(Math.min(1, lines.size()), lines.size()) : lines);
    } catch (IOException unreadable) {
      return "";
    }
  }
}
