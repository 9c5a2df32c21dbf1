package dev.belay.pgtools;

import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.nio.file.Path;
import java.util.Optional;

/** A process that dumps, for a test that ends it. */
final class DumpProcess {
  private DumpProcess() {}

  /** Arguments: host, port, database, and the path of pg_dump. */
  public static void main(String[] arguments) {
    Target target =
        new Target(
            arguments[0],
            Integer.parseInt(arguments[1]),
            arguments[2],
            "postgres",
            Optional.empty(),
            Tls.PREFER,
            10);
    Tool tool = new Tool(Path.of(arguments[3]), "pg_dump", 15, "15.3");
    new Rig(Path.of("").toAbsolutePath(), target).dump(target, "dump", tool, "00-1");
  }
}
