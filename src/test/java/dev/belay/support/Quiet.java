package dev.belay.support;

import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import java.io.PrintWriter;
import java.io.Writer;

/** Progress that nobody sees. */
public final class Quiet {
  private Quiet() {}

  /** A new one. */
  public static Progress progress() {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    return new Progress(new Terminal(nowhere, nowhere, false, false, () -> null));
  }
}
