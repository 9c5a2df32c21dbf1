package dev.belay.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real pgbouncer in front of a server, on a Unix socket of its own, so that no port is taken. A
 * test that needs it is reported as skipped, with the command that installs it, where it is
 * missing.
 */
public final class Bouncer implements AutoCloseable {
  /** Part of the socket's name only: its folder is its own. */
  private static final int PORT = 6432;

  private static final List<Path> PLACES =
      List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));

  private final Process process;
  private final Path folder;
  private final Target target;

  private Bouncer(Process process, Path folder, Target target) {
    this.process = process;
    this.folder = folder;
    this.target = target;
  }

  /**
   * Starts one.
   *
   * @param mode session, transaction or statement
   * @param more further lines of its section {@code pgbouncer}
   */
  public static Bouncer before(Target server, String mode, String... more) {
    Optional<Path> program = PLACES.stream().filter(Files::isExecutable).findFirst();
    assumeTrue(program.isPresent(), "pgbouncer is missing: apt-get install pgbouncer");
    try {
      Path folder = Files.createTempDirectory("belay-bouncer");
      // It does not run as root, and must get into its folder as whom it runs instead.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
      Path file = folder.resolve("pgbouncer.ini");
      Files.write(file, lines(server, mode, folder, more));
      Process process =
          new ProcessBuilder(program.get().toString(), file.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("pgbouncer.log").toFile())
              .start();
      Target target =
          new Target(
              folder.toString(),
              PORT,
              server.database(),
              server.user(),
              Optional.empty(),
              Tls.PREFER,
              5);
      Bouncer bouncer = new Bouncer(process, folder, target);
      bouncer.awaitListening();
      return bouncer;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private static List<String> lines(Target server, String mode, Path folder, String... more) {
    List<String> lines = new ArrayList<>();
    lines.add("[databases]");
    lines.add("* = host=%s port=%d user=%s".formatted(server.host(), server.port(), server.user()));
    lines.add("[pgbouncer]");
    lines.add("pool_mode = " + mode);
    lines.add("listen_port = " + PORT);
    lines.add("unix_socket_dir = " + folder);
    lines.add("auth_type = any");
    if (System.getProperty("user.name").equals("root")) {
      lines.add("user = nobody");
    }
    lines.addAll(List.of(more));
    return lines;
  }

  /**
   * Waits until it can be connected to. That its socket is there is not enough: between {@code
   * bind} and {@code listen} a connection is refused.
   */
  private void awaitListening() throws IOException {
    UnixDomainSocketAddress socket = UnixDomainSocketAddress.of(folder.resolve(".s.PGSQL." + PORT));
    try {
      Await.until("pgbouncer listens", () -> listens(socket), process);
    } catch (AssertionError never) {
      String log = Files.readString(folder.resolve("pgbouncer.log"));
      close();
      throw new AssertionError("pgbouncer did not start: " + log, never);
    }
  }

  private static boolean listens(UnixDomainSocketAddress socket) {
    try (SocketChannel ignored = SocketChannel.open(socket)) {
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The server's target, reached through the pooler. */
  public Target target() {
    return target;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
