package dev.belay.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.belay.core.Failure;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/**
 * Configures Logback in code, since reading XML would cost a fifth of a second at every start:
 * {@code belay.log} gets everything, standard error what a person should see.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  /** The name of the logger whose messages the operator sees. */
  public static final String OPERATOR = "belay";

  private static volatile boolean started;

  private static final String FORM = "%d{yyyy-MM-dd HH:mm:ss} - %level - %msg%n%nopex";
  private static final String FORM_IN_COLOUR =
      "%d{yyyy-MM-dd HH:mm:ss} - %highlight(%level) - %msg%n%nopex";
  private static final String FILE_FORM =
      "%d{yyyy-MM-dd HH:mm:ss.SSS, UTC} - %level - %logger{0} - %msg%n%ex";

  /**
   * Nothing is configured until a command says where the log is: see {@link #start}. In another
   * program, which uses the Java API, only Belay's own loggers are silent, and where it has a
   * configuration of its own, that counts.
   */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (OwnProgram.isRunning()) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
    if (!isConfiguredByAnother()) {
      // Another program's own words are not Belay's to switch off.
      context.getLogger(OPERATOR).setLevel(Level.OFF);
      context.getLogger("dev.belay").setLevel(Level.OFF);
    }
    return ExecutionStatus.INVOKE_NEXT_IF_ANY;
  }

  private static boolean isConfiguredByAnother() {
    ClassLoader classes = Logging.class.getClassLoader();
    return System.getProperty("logback.configurationFile") != null
        || classes.getResource("logback.xml") != null
        || classes.getResource("logback-test.xml") != null;
  }

  /**
   * Begins to log.
   *
   * @param err what a person sees; details only when {@code verbose}
   * @throws Failure UNAVAILABLE when the file cannot be written
   */
  public static void start(Path file, PrintWriter err, boolean verbose) {
    start(file, err, verbose, false);
  }

  /**
   * Begins to log.
   *
   * @param err what a person sees; details only when {@code verbose}
   * @param colour whether levels are coloured for that person
   * @throws Failure UNAVAILABLE when the file cannot be written
   */
  public static void start(Path file, PrintWriter err, boolean verbose, boolean colour) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    LogFile.prepare(file);
    DriverLog.install();
    FileAppender<ILoggingEvent> toFile = new FileAppender<>();
    toFile.setContext(context);
    toFile.setFile(file.toString());
    toFile.setEncoder(encoder(context, FILE_FORM));
    toFile.start();
    if (!toFile.isStarted()) {
      throw LogFile.unwritable(file, "it cannot be opened");
    }
    OutputStreamAppender<ILoggingEvent> toPerson = new OutputStreamAppender<>();
    toPerson.setContext(context);
    toPerson.setEncoder(encoder(context, colour ? FORM_IN_COLOUR : FORM));
    toPerson.setOutputStream(new WriterStream(err));
    toPerson.addFilter(new PersonFilter(verbose));
    toPerson.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(toFile);
    Logger operator = context.getLogger(OPERATOR);
    operator.setLevel(Level.DEBUG);
    operator.addAppender(toPerson);
    started = true;
  }

  /** Whether there is a file that gets everything. */
  static boolean isStarted() {
    return started;
  }

  /** Ends logging and closes the file. */
  public static void stop() {
    started = false;
    ((LoggerContext) LoggerFactory.getILoggerFactory()).reset();
  }

  private static PatternLayoutEncoder encoder(LoggerContext context, String form) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(form);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.start();
    return encoder;
  }

  private static final class PersonFilter extends ch.qos.logback.core.filter.Filter<ILoggingEvent> {
    private final boolean verbose;

    PersonFilter(boolean verbose) {
      this.verbose = verbose;
    }

    @Override
    public ch.qos.logback.core.spi.FilterReply decide(ILoggingEvent event) {
      boolean shown = verbose || event.getLevel().isGreaterOrEqual(Level.INFO);
      return shown
          ? ch.qos.logback.core.spi.FilterReply.NEUTRAL
          : ch.qos.logback.core.spi.FilterReply.DENY;
    }
  }

  /** Logback writes bytes, the program's streams take characters. */
  private static final class WriterStream extends OutputStream {
    private final PrintWriter writer;

    WriterStream(PrintWriter writer) {
      this.writer = writer;
    }

    @Override
    public void write(int single) {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      // A whole entry at once: the encoder makes one array of it.
      writer.print(new String(bytes, offset, length, StandardCharsets.UTF_8));
      writer.flush();
    }
  }
}
