package dev.belay.monitor;

import dev.belay.cli.LogCount;
import dev.belay.cli.Progress;
import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Something that is being watched. Its methods never throw, and may be called by any thread. */
public final class Monitoring implements AutoCloseable {
  /** It has to connect. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

  private static final Duration LAST_LOOK = Duration.ofMillis(500);
  private static final Duration LONGEST_END = Duration.ofSeconds(3);

  /** What is watched. */
  record Subject(String command, RunId run, String database) {}

  private final DatabaseEye eye;
  private final Machine machine;
  private final MonitorSettings settings;
  private final Progress progress;
  private final Subject subject;
  private final Instant beganAt = Instant.now();
  private final long began = System.nanoTime();
  private final CountDownLatch over = new CountDownLatch(1);
  private final LogCount logged = LogCount.begin();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong warnings = new AtomicLong();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Tally tally = new Tally();
  private final Sampling sampling = new Sampling();
  private final Thread thread = new Thread(this::run, "monitor");
  private @Nullable MonitorFile file;
  private boolean broken;
  private @Nullable MonitorSummary summary;
  private volatile Cleanup.@Nullable Pending signal;

  Monitoring(
      DatabaseEye eye,
      Machine machine,
      MonitorSettings settings,
      Progress progress,
      Subject subject) {
    this.eye = eye;
    this.machine = machine;
    this.settings = settings;
    this.progress = progress;
    this.subject = subject;
  }

  void begin() {
    try {
      file = MonitorFile.create(settings.folder(), subject.command(), beganAt, subject.run());
    } catch (IOException | RuntimeException cannot) {
      lost(cannot);
    }
    try {
      signal = Cleanup.register(this::finish);
    } catch (Failure ending) {
      // The program is being ended: what is watched says so.
    }
    write(
        new MonitorLine.Begin(
            MonitorFile.schema(),
            beganAt,
            0,
            subject.run().text(),
            subject.command(),
            subject.database(),
            machineWords(),
            settings.interval().toMillis()));
    thread.setDaemon(true);
    thread.start();
  }

  /** A step begins now; it is written among the samples. */
  public void mark(String step) {
    write(new MonitorLine.Mark(Instant.now(), elapsedMillis(), step));
  }

  /** An error was seen that nobody logs. */
  public void error() {
    errors.incrementAndGet();
  }

  /** A warning was seen that nobody logs. */
  public void warning() {
    warnings.incrementAndGet();
  }

  /** Where the samples are; empty when they cannot be kept. */
  public synchronized Optional<Path> file() {
    return Optional.ofNullable(file).map(MonitorFile::path);
  }

  private void run() {
    long interval = settings.interval().toNanos();
    long print = settings.print().toNanos();
    long next = began;
    long printed = began;
    Duration patience = FIRST_LOOK;
    try {
      // What is measured as a difference needs a beginning.
      machine.look();
      do {
        MonitorLine.Sample sample = sample(patience);
        patience = patience();
        long now = System.nanoTime();
        if (print > 0 && now - printed >= print) {
          printed = now - (now - printed) % print;
          progress.step(MonitorText.line(sample, eye.isHere()));
        }
        // What was missed is not made up for.
        next += Math.max(1, (now - next + interval - 1) / interval) * interval;
      } while (!over.await(next - System.nanoTime(), TimeUnit.NANOSECONDS));
      sample(LAST_LOOK);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error defect) {
      // Whatever it is, what is watched must not suffer from it.
      note("the monitor ended early: " + defect);
    } finally {
      eye.close();
    }
  }

  private Duration patience() {
    Duration most = settings.interval().multipliedBy(4).dividedBy(5);
    return most.compareTo(Duration.ofSeconds(2)) < 0 ? most : Duration.ofSeconds(2);
  }

  private MonitorLine.Sample sample(Duration patience) {
    DatabaseEye.Look look = eye.look(patience);
    eye.dataDirectory().ifPresent(machine::alsoDiskOf);
    MachineFigures figures = machine.look();
    MonitorLine.Sample sample =
        sampling.of(elapsedMillis(), figures, look, totalErrors(), totalWarnings());
    synchronized (this) {
      tally.add(sample, look.figures() == null ? null : look.figures().walPosition());
    }
    write(sample);
    return sample;
  }

  private long totalErrors() {
    return errors.get() + logged.errors();
  }

  private long totalWarnings() {
    return warnings.get() + logged.warnings();
  }

  private long elapsedMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  private synchronized void write(MonitorLine line) {
    MonitorFile open = file;
    if (open == null || broken || summary != null) {
      return;
    }
    try {
      open.write(line);
    } catch (IOException | RuntimeException cannot) {
      lost(cannot);
    }
  }

  private synchronized void lost(Exception cannot) {
    broken = true;
    note(
        (file == null
                ? "the samples cannot be kept in " + settings.folder()
                : "the file of samples ends early")
            + ": "
            + reason(cannot));
  }

  private static String reason(Exception cannot) {
    return cannot.getClass().getSimpleName().equals("AccessDeniedException")
        ? "permission denied"
        : cannot instanceof java.nio.file.FileSystemException known && known.getReason() != null
            ? known.getReason()
            : String.valueOf(cannot.getMessage());
  }

  private synchronized void note(String note) {
    notes.add(note);
  }

  /** Ends it within some seconds. The second time it says the same. */
  public MonitorSummary finish() {
    over.countDown();
    try {
      thread.join(LONGEST_END.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    MonitorSummary known;
    synchronized (this) {
      known = summary;
      if (known == null) {
        known = end();
        summary = known;
      }
    }
    // Not within the lock, which a signal may be waiting for.
    Cleanup.Pending pending = signal;
    if (pending != null) {
      pending.cancel();
    }
    return known;
  }

  private MonitorSummary end() {
    logged.close();
    MonitorSummary made =
        tally.summary(
            (System.nanoTime() - began) / 1e9,
            totalErrors(),
            totalWarnings(),
            machineWords(),
            file == null ? null : file.path().toString(),
            allNotes());
    MonitorFile open = file;
    if (open != null) {
      try (open) {
        if (!broken) {
          open.end(new MonitorLine.End(Instant.now(), elapsedMillis(), made));
        }
      } catch (IOException | RuntimeException cannot) {
        progress.detail("the file of samples has no end: " + cannot);
      }
    }
    return made;
  }

  private String machineWords() {
    return Machine.name()
        + (eye.isHere()
            ? ", where the database is too"
            : ", this machine; the database is on another");
  }

  private List<String> allNotes() {
    List<String> all = new ArrayList<>(notes);
    all.addAll(eye.notes());
    all.addAll(machine.notes());
    return all;
  }

  /** Ends it. */
  @Override
  public void close() {
    finish();
  }
}
