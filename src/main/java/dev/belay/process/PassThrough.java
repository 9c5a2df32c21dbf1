package dev.belay.process;

import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs somebody's program with the standard streams of this one, which see every byte of it and
 * nothing else, also when it draws on a terminal. Signals that would end this program are passed on
 * to it, and its end is waited for. To be used once.
 */
public final class PassThrough {
  private static final long LOOK_MILLIS = 200;

  /** So often a signal is left to the program; then everything that it started is ended. */
  private static final int PATIENCE = 3;

  private final List<String> command;
  private final ProcessBuilder builder;
  private final Consumer<String> notice;
  private final ProcessTree tree = new ProcessTree();
  private final AtomicReference<@Nullable String> signal = new AtomicReference<>();
  private final AtomicInteger signals = new AtomicInteger();
  private volatile boolean started;

  /**
   * @param program its file
   * @param command as it was given: its first word is only shown
   * @param environment added to this program's own
   * @param notice told of signals
   */
  public PassThrough(
      Path program,
      List<String> command,
      Path directory,
      Map<String, String> environment,
      Consumer<String> notice) {
    this.command = List.copyOf(command);
    this.notice = notice;
    List<String> words = new java.util.ArrayList<>(command);
    words.set(0, program.toString());
    this.builder = new ProcessBuilder(words).directory(directory.toFile()).inheritIO();
    locale(builder.environment());
    builder.environment().putAll(environment);
  }

  /** The start script may have set one for this program alone. */
  private static void locale(Map<String, String> environment) {
    String before = environment.remove("BELAY_GUARD_LOCALE");
    if (before != null && before.isEmpty()) {
      environment.remove("LC_ALL");
    } else if (before != null) {
      environment.put("LC_ALL", before);
    }
  }

  /**
   * How it ended.
   *
   * @param status its exit status; 128+n when signal n ended it
   * @param overTime whether it was ended since its time was over
   * @param interruptedBy the signal that was to end this program meanwhile; null: none
   * @param left what it started and left running, each as its process number
   */
  public record Ended(
      int status,
      boolean overTime,
      @Nullable String interruptedBy,
      List<Long> left,
      Duration duration) {
    public Ended {
      left = List.copyOf(left);
    }

    /** Whether it did what it was to do. */
    public boolean succeeded() {
      return status == 0 && !overTime;
    }
  }

  /**
   * Runs it to its end. When it fails, everything that it started is ended too; when it succeeds,
   * that is left alone.
   *
   * @param limit so long it may take; zero: for ever
   * @throws Failure UNAVAILABLE when it cannot be started
   */
  public Ended run(Duration limit) {
    long begin = System.nanoTime();
    try (Cleanup.Pending pending = Cleanup.register(tree::end);
        Signals signalled = new Signals()) {
      signalled.divert(this::passOn);
      Process process = start();
      started = true;
      boolean overTime = await(process, begin, limit);
      int status = process.exitValue();
      boolean failed = status != 0 || overTime;
      if (failed) {
        tree.end();
      }
      List<Long> left =
          failed ? List.of() : tree.living().stream().map(ProcessHandle::pid).sorted().toList();
      pending.cancel();
      return new Ended(
          status, overTime, signal.get(), left, Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  /** Whether it was started, so that it may have done anything. */
  public boolean hasStarted() {
    return started;
  }

  /**
   * Whether a connection from that address and port of this machine belongs to the program.
   *
   * @param server the port that it is a connection to
   */
  public boolean hasConnectionFrom(String address, int port, int server) {
    Set<ProcessHandle> living = tree.seen();
    return LocalSockets.belongsTo(address, port, server, living);
  }

  private Process start() {
    try {
      return tree.start(builder);
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot run %s: %s"
                  .formatted(ShellWords.quote(command.get(0)), ProcessRunner.cause(cannot)),
              "check that it may be executed: ls -l " + ShellWords.quote(builder.command().get(0)))
          .causedBy(cannot);
    }
  }

  /** Whether it had to be ended. */
  private boolean await(Process process, long begin, Duration limit) {
    try {
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        tree.observe();
        boolean over = !limit.isZero() && System.nanoTime() - begin > limit.toNanos();
        if (over || signals.get() >= PATIENCE) {
          tree.end();
          process.waitFor();
          return over;
        }
      }
      return false;
    } catch (InterruptedException interrupted) {
      tree.end();
      Thread.currentThread().interrupt();
      throw Failure.failed(
          ShellWords.quote(command.get(0)) + " was interrupted",
          "run the command again when you are ready");
    }
  }

  private void passOn(String name) {
    signal.compareAndSet(null, name);
    int times = signals.incrementAndGet();
    if (times >= PATIENCE) {
      notice.accept("SIG%s for the third time: the command is ended".formatted(name));
      return;
    }
    boolean hasIt = name.equals("INT") && isInForeground();
    notice.accept(
        hasIt
            ? "SIGINT: the command has it too, and its end is waited for"
            : "SIG%s is passed on to the command, and its end is waited for".formatted(name));
    if (!hasIt) {
      tree.send(name);
    }
  }

  /** Ctrl-C at a terminal goes to all that are in its foreground, this program and its child. */
  private static boolean isInForeground() {
    try {
      String stat =
          new String(Files.readAllBytes(Path.of("/proc/self/stat")), StandardCharsets.ISO_8859_1);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      boolean terminal = !fields[4].equals("0");
      return terminal && fields[2].equals(fields[5]);
    } catch (IOException notLinux) {
      return false;
    }
  }
}
