package dev.belay.report;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes answers and failures, as text, as JSON or as JUnit's XML. */
public final class Renderer {
  private static final int SCHEMA = 1;

  private final Format format;
  private final String command;
  private final Instant startedAt;
  private final boolean colour;
  private final UnaryOperator<String> toPaste;

  /**
   * One that writes no colours.
   *
   * @param command the words of the command, such as {@code list-backups}
   * @param startedAt when the command began
   */
  public Renderer(Format format, String command, Instant startedAt) {
    this(format, command, startedAt, false);
  }

  /**
   * @param command the words of the command, such as {@code list-backups}
   * @param startedAt when the command began
   * @param colour whether the word {@code error} is red; for a terminal only
   */
  public Renderer(Format format, String command, Instant startedAt, boolean colour) {
    this(format, command, startedAt, colour, UnaryOperator.identity());
  }

  /**
   * One whose commands are for the database of its run.
   *
   * @param toPaste as in {@link Report#lines(UnaryOperator)}
   */
  public Renderer(
      Format format,
      String command,
      Instant startedAt,
      boolean colour,
      UnaryOperator<String> toPaste) {
    this.format = format;
    this.command = command;
    this.startedAt = startedAt;
    this.colour = colour;
    this.toPaste = toPaste;
  }

  /**
   * Writes the answer to {@code out}.
   *
   * @throws Failure when it cannot be written: INCOMPLETE when a database was changed, else
   *     UNAVAILABLE
   */
  public void report(Report report, PrintWriter out) {
    report(report, List.of(), out);
  }

  /**
   * Writes the answer with what hooks and health checks add to it.
   *
   * @throws Failure as {@link #report(Report, PrintWriter)}
   */
  public void report(Report report, List<Remark> remarks, PrintWriter out) {
    ExitCode code =
        Objects.requireNonNull(Remark.worst(report.exitCode(), report.databaseChanged(), remarks));
    if (format == Format.json) {
      json(code, report.databaseChanged(), report, null, remarks, out);
    } else if (format == Format.junit && report.junit().isPresent()) {
      print(out, report.junit().get().xml(startedAt));
    } else {
      report.lines(toPaste).forEach(line -> print(out, line));
      remarks.forEach(remark -> print(out, oneLine(remark.line())));
    }
    if (out.checkError()) {
      throw lost(report);
    }
  }

  /**
   * Writes the three lines of a failure to {@code err}; as JSON or JUnit's XML, also to {@code
   * out}, since whoever asked for these reads only that.
   */
  public void failure(Failure failure, PrintWriter out, PrintWriter err) {
    if (format == Format.json) {
      Envelope.Problem problem =
          new Envelope.Problem(failure.message(), failure.state(), failure.hint());
      boolean changed =
          failure.exitCode() == ExitCode.INCOMPLETE || failure.exitCode() == ExitCode.UNEXPECTED;
      json(failure.exitCode(), changed, null, problem, List.of(), out);
      out.flush();
    } else if (format == Format.junit) {
      print(out, JunitSuite.ofFailure(command, lines(failure)).xml(startedAt));
      out.flush();
    }
    List<String> lines = lines(failure);
    String error = lines.get(0);
    print(err, colour ? "\u001b[1;31merror:\u001b[0m" + error.substring("error:".length()) : error);
    lines.stream().skip(1).forEach(line -> print(err, line));
    err.flush();
  }

  /** The three lines of a failure, which stay three whatever a server or a name puts into them. */
  public static List<String> lines(Failure failure) {
    return List.of(
        "error: " + oneLine(failure.message()),
        "state: " + oneLine(failure.state()),
        "hint: " + oneLine(failure.hint()));
  }

  private static Failure lost(Report report) {
    String message = "the answer could not be written to standard output";
    String hint = "see whether there is free space with: df -h";
    return report.databaseChanged()
        ? Failure.incomplete(message, "what was asked was done; only the answer is lost", hint)
        : Failure.unavailable(message, hint);
  }

  private static String oneLine(String text) {
    return TextTable.visible(text.strip().replaceAll("\\s*\\R\\s*", " ").replace('\t', ' '));
  }

  /** With the same line end on every system. */
  private static void print(PrintWriter writer, String line) {
    writer.print(line + "\n");
  }

  private void json(
      ExitCode code,
      boolean changed,
      @Nullable Object result,
      Envelope.@Nullable Problem error,
      List<Remark> remarks,
      PrintWriter out) {
    long millis = Duration.between(startedAt, Instant.now()).toMillis();
    print(
        out,
        Json.pretty(
            new Envelope(
                SCHEMA,
                command,
                code,
                code.status(),
                changed,
                startedAt,
                millis,
                result,
                error,
                remarks.isEmpty() ? null : remarks)));
  }
}
