package dev.belay.cli;

import dev.belay.core.RunId;
import dev.belay.core.Units;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What services tell the operator on the way: steps, warnings, details, and how far long work is.
 * Everything is also in {@code belay.log}. May be used by several threads.
 */
public final class Progress {
  private static final Logger LOG = LoggerFactory.getLogger(Logging.OPERATOR);
  private static final long LINE_EVERY_MILLIS = 5_000;
  private static final long REDRAW_EVERY_MILLIS = 200;

  private final Terminal terminal;
  private final StatusLine statusLine;
  private final Optional<Operation> operation;

  /** Progress with a status line of its own, of work that is not recorded. */
  public Progress(Terminal terminal) {
    this(terminal, new StatusLine(terminal.err()));
  }

  /** Progress that shares the line with what is logged, of work that is not recorded. */
  Progress(Terminal terminal, StatusLine statusLine) {
    this(terminal, statusLine, Optional.empty());
  }

  /** Progress that shares the line with what is logged. */
  Progress(Terminal terminal, StatusLine statusLine, Optional<Operation> operation) {
    this.terminal = terminal;
    this.statusLine = statusLine;
    this.operation = operation;
  }

  /** The run that this is the progress of; a new one each time where nothing is recorded. */
  public RunId run() {
    return operation.map(Operation::run).orElseGet(RunId::fresh);
  }

  /** What killed runs left was put right: it is recorded. */
  public void recovered(List<String> done) {
    operation.ifPresent(each -> each.recovered(done));
  }

  /** People are told, if the configuration says so; in the background. */
  public void announce(Announcement announcement) {
    operation.ifPresent(each -> each.announce(announcement));
  }

  /** A sentence with a command in it, for the database of this run. */
  public String toPaste(String sentence) {
    return operation.map(each -> each.database().text(sentence)).orElse(sentence);
  }

  /** A step begins or is done. */
  public void step(String message) {
    LOG.info(message);
  }

  /** Something that the operator should know, though the command goes on. */
  public void warn(String message) {
    LOG.warn(message);
  }

  /** A detail: shown with {@code --verbose}, always in the log. */
  public void detail(String message) {
    LOG.debug(message);
  }

  /**
   * Shows how far long work is: a bar with rate and time left on a terminal, a line every five
   * seconds elsewhere.
   *
   * @param what the work, such as {@code fingerprints}
   * @param total all of it in {@code unit}s; 0 when that is not known
   * @param unit {@code bytes} is shown as sizes, everything else as numbers
   */
  public Bar bar(String what, long total, String unit) {
    return new Bar(what, total, unit);
  }

  /**
   * A line that says again and again how something is: redrawn on a terminal, and printed now and
   * then elsewhere.
   *
   * @param every from one printed line to the next
   */
  public Live live(Duration every) {
    return new Live(every);
  }

  /** How something is. */
  public final class Live implements AutoCloseable {
    private final long everyNanos;
    private long shownAt = System.nanoTime();

    private Live(Duration every) {
      everyNanos = every.toNanos();
    }

    /** It is so now. */
    public synchronized void show(String line) {
      if (terminal.showsProgress()) {
        statusLine.show(this, line);
      } else if (System.nanoTime() - shownAt >= everyNanos) {
        shownAt = System.nanoTime();
        LOG.info(line);
      }
    }

    /** Takes the line off the terminal. */
    @Override
    public synchronized void close() {
      statusLine.remove(this);
    }
  }

  /** How far one piece of work is. */
  public final class Bar implements AutoCloseable {
    private static final int WIDTH = 24;

    private final String what;
    private final long total;
    private final String unit;
    private final long begin = System.nanoTime();
    private long done;
    private long shownAt = begin;

    private Bar(String what, long total, String unit) {
      this.what = what;
      this.total = total;
      this.unit = unit;
    }

    /** So much more is done. */
    public synchronized void advance(long by) {
      show(done + by);
    }

    /** So much is done in all. */
    public synchronized void show(long nowDone) {
      done = nowDone;
      long now = System.nanoTime();
      long every = terminal.showsProgress() ? REDRAW_EVERY_MILLIS : LINE_EVERY_MILLIS;
      if (now - shownAt < every * 1_000_000) {
        return;
      }
      shownAt = now;
      if (terminal.showsProgress()) {
        statusLine.show(this, line());
      } else {
        LOG.info(line());
      }
    }

    private String line() {
      double seconds = Math.max(0.001, (System.nanoTime() - begin) / 1e9);
      double rate = done / seconds;
      StringBuilder line = new StringBuilder(what).append(' ');
      if (total > 0) {
        double part = Math.min(1.0, (double) done / total);
        int full = (int) Math.round(part * WIDTH);
        if (terminal.showsProgress()) {
          line.append('[').append("#".repeat(full)).append(".".repeat(WIDTH - full)).append("] ");
        }
        line.append(String.format(Locale.ROOT, "%.0f %% ", part * 100));
      }
      line.append(amount(done));
      line.append(", ").append(amount((long) rate)).append("/s");
      if (total > done && rate > 0) {
        Duration left = Duration.ofSeconds((long) ((total - done) / rate));
        line.append(", ").append(Units.duration(left)).append(" left");
      }
      return line.toString();
    }

    private String amount(long number) {
      return unit.equals("bytes") ? Units.bytes(number) : Units.count(number) + " " + unit;
    }

    /** Takes the bar off the terminal. */
    @Override
    public synchronized void close() {
      statusLine.remove(this);
    }
  }
}
