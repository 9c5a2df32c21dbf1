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
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.LoggerFactory;

/**
 * Configures Logback in code, since reading XML would cost a fifth of a second at every start:
 * {@code belay.log} gets everything, standard error what a person should see.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  /** Messages for the operator. */
  static final String OPERATOR = "belay";

  private static final String FORM = "%d{yyyy-MM-dd HH:mm:ss} - %level - %msg%n%nopex";
  private static final String FILE_FORM =
      "%d{yyyy-MM-dd HH:mm:ss.SSS, UTC} - %level - %logger{0} - %msg%n%ex";

  /** Nothing is configured until a command says where the log is: see {@link #start}. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Begins to log.
   *
   * @param err what a person sees; details only when {@code verbose}
   * @throws Failure UNAVAILABLE when the file cannot be written
   */
  public static void start(Path file, PrintWriter err, boolean verbose) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    create(file);
    FileAppender<ILoggingEvent> toFile = new FileAppender<>();
    toFile.setContext(context);
    toFile.setFile(file.toString());
    toFile.setEncoder(encoder(context, FILE_FORM));
    toFile.start();
    OutputStreamAppender<ILoggingEvent> toPerson = new OutputStreamAppender<>();
    toPerson.setContext(context);
    toPerson.setEncoder(encoder(context, FORM));
    toPerson.setOutputStream(new WriterStream(err));
    toPerson.addFilter(new PersonFilter(verbose));
    toPerson.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(toFile);
    Logger operator = context.getLogger(OPERATOR);
    operator.setLevel(Level.DEBUG);
    operator.addAppender(toPerson);
  }

  /** Ends logging and closes the file. */
  public static void stop() {
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

  private static void create(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (!Files.exists(file)) {
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rw-------");
        FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(owner);
        createUnlessAnother(file, mode);
      }
      if (!Files.isWritable(file)) {
        throw new IOException("permission denied");
      }
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write the log " + file + ": " + cannot.getMessage(),
              "name another with --log-file, or run in a folder that you may write to")
          .causedBy(cannot);
    }
  }

  /** Another Belay in the same folder may be first. */
  private static void createUnlessAnother(Path file, FileAttribute<?> mode) throws IOException {
    try {
      Files.createFile(file, mode);
    } catch (FileAlreadyExistsException another) {
      // It is there, which is all that was wanted.
    }
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
      writer.print(new String(bytes, offset, length, StandardCharsets.UTF_8));
      writer.flush();
    }
  }
}
