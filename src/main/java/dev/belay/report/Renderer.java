package dev.belay.report;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes answers and failures, as text or as JSON. */
public final class Renderer {
  private static final int SCHEMA = 1;

  private final Format format;
  private final String command;
  private final Instant startedAt;

  /**
   * @param command the words of the command, such as {@code list-backups}
   * @param startedAt when the command began
   */
  public Renderer(Format format, String command, Instant startedAt) {
    this.format = format;
    this.command = command;
    this.startedAt = startedAt;
  }

  /** Writes the answer to {@code out}. */
  public void report(Report report, PrintWriter out) {
    if (format == Format.json) {
      json(report.exitCode(), report.databaseChanged(), report, null, out);
    } else {
      report.lines().forEach(out::println);
    }
    out.flush();
  }

  /**
   * Writes the three lines of a failure to {@code err}; as JSON, also the envelope to {@code out},
   * since whoever asked for JSON reads only that.
   */
  public void failure(Failure failure, PrintWriter out, PrintWriter err) {
    if (format == Format.json) {
      Envelope.Problem problem =
          new Envelope.Problem(failure.message(), failure.state(), failure.hint());
      boolean changed =
          failure.exitCode() == ExitCode.INCOMPLETE || failure.exitCode() == ExitCode.UNEXPECTED;
      json(failure.exitCode(), changed, null, problem, out);
      out.flush();
    }
    lines(failure).forEach(err::println);
    err.flush();
  }

  /** The three lines of a failure. */
  public static List<String> lines(Failure failure) {
    return List.of(
        "error: " + failure.message(), "state: " + failure.state(), "hint: " + failure.hint());
  }

  private void json(
      ExitCode code,
      boolean changed,
      @Nullable Object result,
      Envelope.@Nullable Problem error,
      PrintWriter out) {
    long millis = Duration.between(startedAt, Instant.now()).toMillis();
    out.println(
        Json.pretty(
            new Envelope(
                SCHEMA, command, code, code.status(), changed, startedAt, millis, result, error)));
  }
}
