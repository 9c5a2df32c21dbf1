package dev.belay.app;

import dev.belay.cli.Failures;
import dev.belay.cli.OwnProgram;
import dev.belay.cli.Terminal;
import dev.belay.config.Surroundings;
import dev.belay.core.Cleanup;
import dev.belay.report.Format;
import dev.belay.report.Renderer;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** The entry point: the only place that touches the standard streams and ends the JVM. */
public final class Main {
  private Main() {}

  /** Runs the program and exits with its status. */
  public static void main(String[] arguments) {
    OwnProgram.begins();
    System.exit(
        guarded(
            terminal ->
                App.commandLine(Surroundings.ofThisProcess(), terminal).execute(arguments)));
  }

  /** The status of {@code program}, whatever it throws; a signal meanwhile is told of. */
  static int guarded(ToIntFunction<Terminal> program) {
    PrintWriter out = writer(FileDescriptor.out);
    PrintWriter err = writer(FileDescriptor.err);
    // The first to be registered is the last to run: everything else is cleaned up by then.
    Cleanup.Pending notice = Cleanup.register(() -> tellOfSignal(err));
    Terminal terminal = Terminal.ofThisProcess(out, err);
    int status;
    try {
      status = program.applyAsInt(terminal);
    } catch (Throwable defect) {
      status =
          new Failures(terminal).show(defect, new Renderer(Format.text, "belay", Instant.now()));
    }
    // What failed because the program is being ended is told of by the notice alone.
    if (!Cleanup.interrupted()) {
      notice.cancel();
    }
    out.flush();
    err.flush();
    return status;
  }

  private static final String STATE =
      "children were ended and temporary things removed; a change that had begun is in the journal";

  private static void tellOfSignal(PrintWriter err) {
    List<String> state = new ArrayList<>(List.of(STATE));
    state.addAll(Cleanup.done());
    err.print(
        """

        error: ended by a signal
        state: %s
        hint: %s
        """
            .formatted(String.join("; ", state), Cleanup.next()));
    err.flush();
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    return new PrintWriter(
        new BufferedWriter(
            new OutputStreamWriter(new StandardStream(descriptor), StandardCharsets.UTF_8)));
  }
}
