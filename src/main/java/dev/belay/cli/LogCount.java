package dev.belay.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** Counts the errors and warnings that are logged from its beginning to its end. */
public final class LogCount implements AutoCloseable {
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong warnings = new AtomicLong();
  private final Counter counter = new Counter();

  private LogCount() {}

  /** Begins to count. In a program that logs in another way it counts nothing. */
  public static LogCount begin() {
    LogCount count = new LogCount();
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      count.counter.setContext(context);
      count.counter.start();
      context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(count.counter);
    }
    return count;
  }

  /** How many errors there were. */
  public long errors() {
    return errors.get();
  }

  /** How many warnings there were. */
  public long warnings() {
    return warnings.get();
  }

  /** Ends it; what was counted stays. */
  @Override
  public void close() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(counter);
      counter.stop();
    }
  }

  private final class Counter extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
        errors.incrementAndGet();
      } else if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
        warnings.incrementAndGet();
      }
    }
  }
}
