package dev.belay.app;

import dev.belay.cli.Failures;
import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.report.Format;
import dev.belay.report.Renderer;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The entry point: the only place that touches the standard streams and ends the JVM. */
public final class Main {
  private Main() {}

  /** Runs the program and exits with its status. */
  public static void main(String[] arguments) {
    PrintWriter out = writer(System.out);
    PrintWriter err = writer(System.err);
    int status = run(arguments, Terminal.ofThisProcess(out, err));
    out.flush();
    err.flush();
    System.exit(status);
  }

  private static int run(String[] arguments, Terminal terminal) {
    try {
      return App.commandLine(Surroundings.ofThisProcess(), terminal).execute(arguments);
    } catch (Throwable defect) {
      return new Failures(terminal).show(defect, new Renderer(Format.text, "belay", Instant.now()));
    }
  }

  private static PrintWriter writer(java.io.PrintStream stream) {
    return new PrintWriter(
        new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)));
  }
}
