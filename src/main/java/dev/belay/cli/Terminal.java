package dev.belay.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The streams of the program and whether a person is at them. Tests put their own in its place.
 *
 * @param out the answer
 * @param err the way to it
 * @param asksPerson whether questions can be asked: standard input and error are a terminal
 * @param showsProgress whether standard error is a terminal that can redraw a line
 * @param input where answers come from
 */
public record Terminal(
    PrintWriter out, PrintWriter err, boolean asksPerson, boolean showsProgress, Input input) {

  /** Reads one line of an answer. */
  @FunctionalInterface
  public interface Input {
    /** The line without its end, or null when there is no more. */
    @Nullable String line();

    /** What was typed before the question was there is no answer to it. */
    default void forgetTypedAhead() {}
  }

  /** The streams of this process. */
  public static Terminal ofThisProcess(PrintWriter out, PrintWriter err) {
    boolean error = isTerminal(2);
    return new Terminal(out, err, error && isTerminal(0), error, new StandardInput());
  }

  /** The same with the answer on standard error, for whoever leaves standard output to another. */
  public Terminal answeringOnError() {
    return new Terminal(err, err, asksPerson, showsProgress, input);
  }

  private static final class StandardInput implements Input {
    @Override
    public @Nullable String line() {
      try {
        return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            .readLine();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    @Override
    public void forgetTypedAhead() {
      try {
        while (System.in.available() > 0 && System.in.read() >= 0) {
          // A terminal hands over whole lines; each byte of them is passed over.
        }
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }
  }

  /** Since Java 22 there is a console without a terminal too, so the descriptor is looked at. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String file = Files.readSymbolicLink(link).toString();
      return file.startsWith("/dev/pts/")
          || file.startsWith("/dev/tty")
          || file.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException notLinux) {
      Console console = System.console();
      return console != null && Runtime.version().feature() < 22;
    }
  }
}
