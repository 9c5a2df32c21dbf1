package dev.belay.pgtools;

import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** A process that dumps, for a test that ends it. */
final class DumpProcess {
  private DumpProcess() {}

  /** Arguments: host, port, the database's name in base 64, and the path of pg_dump. */
  public static void main(String[] arguments) {
    byte[] name = Base64.getUrlDecoder().decode(arguments[2]);
    Target target =
        new Target(
            arguments[0],
            Integer.parseInt(arguments[1]),
            new String(name, StandardCharsets.UTF_8),
            "postgres",
            Optional.empty(),
            Tls.PREFER,
            10);
    Tool tool = new Tool(Path.of(arguments[3]), "pg_dump", 15, "15.3");
    new Rig(Path.of("").toAbsolutePath(), target).dump(target, "dump", tool, "00-1");
  }
}
