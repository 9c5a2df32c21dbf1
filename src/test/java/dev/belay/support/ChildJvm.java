package dev.belay.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a main class of this class path in a process of its own, which may be killed. */
public final class ChildJvm {
  private ChildJvm() {}

  /** How it ended; {@code output} is standard output and error together. */
  public record Result(int status, String output) {}

  /**
   * Runs it to its end.
   *
   * @param failPoint where it kills itself; empty: nowhere
   */
  public static Result run(
      String failPoint, Class<?> main, Path directory, Map<String, String> env, String... args) {
    try {
      return ended(start(failPoint, main, directory, env, args));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Runs a main class, given by its name, that lies in a folder beside this class path. */
  public static Result run(Path classes, String main, String... args) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String path = classes + File.pathSeparator + System.getProperty("java.class.path");
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", path, main));
    command.addAll(List.of(args));
    try {
      return ended(new ProcessBuilder(command).redirectErrorStream(true).start());
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private static Result ended(Process process) throws IOException {
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(120, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the child did not end: " + output);
      }
      return new Result(process.exitValue(), output);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /** Runs Belay until it kills itself at the fail point, and the server knows it. */
  public static void killed(
      String failPoint, Class<?> main, Path directory, Map<String, String> env, String... args) {
    Result result = run(failPoint, main, directory, env, args);
    if (result.status() != 137) {
      throw new AssertionError(failPoint + " was not met: " + result);
    }
    TestServer.awaitEndOfRuns();
  }

  /** Starts it. */
  public static Process start(
      String failPoint, Class<?> main, Path directory, Map<String, String> env, String... args)
      throws IOException {
    // Whoever runs the tests in the background, or with nohup, has some of these ignored.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.add("-Dbelay.failpoint=" + failPoint);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    builder.environment().putAll(env);
    return builder.redirectErrorStream(true).start();
  }
}
