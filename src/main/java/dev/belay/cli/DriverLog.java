package dev.belay.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Leads what libraries say through the JDK's logging to {@code belay.log}, off standard error. */
final class DriverLog extends Handler {
  private static final SimpleFormatter FORMATTER = new SimpleFormatter();

  private DriverLog() {}

  /** Takes the place of the JDK's own console output. */
  static void install() {
    LogManager.getLogManager().reset();
    Logger.getLogger("").addHandler(new DriverLog());
  }

  @Override
  public void publish(LogRecord entry) {
    org.slf4j.Logger log = LoggerFactory.getLogger(String.valueOf(entry.getLoggerName()));
    String message = FORMATTER.formatMessage(entry);
    if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
      log.warn(message, entry.getThrown());
    } else {
      log.info(message, entry.getThrown());
    }
  }

  @Override
  public void flush() {
    // Logback flushes by itself.
  }

  @Override
  public void close() {
    // Logback closes by itself.
  }
}
