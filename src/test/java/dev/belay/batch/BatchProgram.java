package dev.belay.batch;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.util.Optional;

/** Batches as a program of its own, which a test may kill. */
public final class BatchProgram {
  private BatchProgram() {}

  static String[] arguments(Target target, String script) {
    return new String[] {
      target.host(),
      String.valueOf(target.port()),
      target.user(),
      target.password().map(Secret::reveal).orElse(""),
      target.database(),
      script
    };
  }

  /** Host, port, user, password, database and script. */
  public static void main(String[] arguments) {
    Target target =
        new Target(
            arguments[0],
            Integer.parseInt(arguments[1]),
            arguments[4],
            arguments[2],
            arguments[3].isEmpty() ? Optional.empty() : Optional.of(new Secret(arguments[3])),
            Tls.PREFER,
            10);
    BatchLab lab = BatchLab.of(target);
    lab.run(arguments[5], BatchLab.HUNDRED);
    lab.session.close();
  }
}
