package dev.belay.support;

import dev.belay.core.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Runs the packaged program, or any other, as a process of its own. */
public final class Program {
  /** What {@code mvn package} made. */
  public static final Path LAUNCHER = Path.of("target/belay/bin/belay").toAbsolutePath();

  /** The tarball that {@code mvn package} made. */
  public static Path tarball() {
    try (var files = Files.newDirectoryStream(Path.of("target"), "belay-*.tar.gz")) {
      return files.iterator().next().toAbsolutePath();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Options of the JVM for a process of a few seconds. */
  public static final String FAST = "-XX:TieredStopAtLevel=1";

  /** A cache of the launcher's that all tests of a build share. */
  private static final Path CACHE = Path.of("target/cache").toAbsolutePath();

  static {
    // Only short commands make the archive of classes, and each run without it loads them anew.
    new Program(Path.of("").toAbsolutePath()).run("config");
  }

  private final Path directory;
  private final Map<String, String> environment = new TreeMap<>();

  /**
   * Programs that run in that folder, which is their home too. Belay is started for speed: with the
   * archive of classes that it makes for itself, and without the second compiler.
   */
  public Program(Path directory) {
    this.directory = directory;
    environment.put("HOME", directory.toString());
    environment.put("XDG_CACHE_HOME", CACHE.toString());
    environment.put("BELAY_JAVA_OPTS", FAST);
    environment.put("PATH", LAUNCHER.getParent() + ":" + System.getenv("PATH"));
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  /** Sets an environment variable; empty takes it away. */
  public Program with(String name, String value) {
    if (value.isEmpty()) {
      environment.remove(name);
    } else {
      environment.put(name, value);
    }
    return this;
  }

  /** Points Belay at a database by PGHOST and the like. */
  public Program on(Target target) {
    environment.putAll(PgVariables.of(target));
    return this;
  }

  /** Starts Belay with its output going to files, so that nothing blocks. */
  public Running start(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(LAUNCHER.toString());
    command.addAll(List.of(arguments));
    return start(command);
  }

  /** Starts any program. */
  public Running start(List<String> command) {
    try {
      Path out = Files.createTempFile("belay-test", ".out");
      Path err = Files.createTempFile("belay-test", ".err");
      // Whoever runs the tests in the background, or with nohup, has some of these ignored.
      List<String> whole =
          new ArrayList<>(List.of("/usr/bin/env", "--default-signal=HUP,INT,TERM"));
      whole.addAll(command);
      ProcessBuilder builder =
          new ProcessBuilder(whole)
              .directory(directory.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      return new Running(builder.start(), out, err);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Runs Belay to its end. */
  public Cli.Result run(String... arguments) {
    return start(arguments).result();
  }

  /** Runs Belay until it dies at a fail point as by {@code kill -9}, and the server knows it. */
  public void killedAt(String failPoint, String... arguments) {
    with("JAVA_TOOL_OPTIONS", "-Dbelay.failpoint=" + failPoint);
    Cli.Result result = run(arguments);
    if (result.status() != 137) {
      throw new AssertionError(failPoint + " was not met: " + result);
    }
    TestServer.awaitEndOfRuns();
  }

  /** Runs a shell script as a root of its own, which may mount what nobody else sees. */
  public Cli.Result withMounts(String script) {
    return run(List.of("unshare", "-rm", "sh", "-c", script));
  }

  /** Runs any program to its end. */
  public Cli.Result run(List<String> command) {
    return start(command).result();
  }

  /**
   * A program that runs.
   *
   * @param out where its standard output goes
   * @param err where its standard error goes
   */
  public record Running(Process process, Path out, Path err) {
    private static final long PATIENCE_MINUTES = 5;

    /** Waits for its end; a program that hangs is killed and fails the test. */
    public Cli.Result result() {
      try {
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
          process.destroyForcibly().waitFor();
          throw new AssertionError("hangs: " + process.info().commandLine().orElse("?"));
        }
        Cli.Result result = new Cli.Result(process.exitValue(), read(out), read(err));
        Files.delete(out);
        Files.delete(err);
        return result;
      } catch (IOException cannot) {
        throw new UncheckedIOException(cannot);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AssertionError(interrupted);
      }
    }

    private static String read(Path file) throws IOException {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
  }
}
