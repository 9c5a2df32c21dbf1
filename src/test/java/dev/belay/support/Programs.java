package dev.belay.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs real programs for tests, each to its end and never longer than a minute. */
public final class Programs {
  /** What one left. */
  public record Result(int status, String out, String err) {}

  private Programs() {}

  /** Runs it and fails unless it exits with 0. */
  public static Result run(String... command) {
    Result result = run(Map.of(), Set.of(), command);
    if (result.status() != 0) {
      throw new AssertionError(Arrays.toString(command) + " ended with " + result);
    }
    return result;
  }

  /** Runs it with those variables added and removed; its standard input is empty. */
  public static Result run(
      Map<String, String> environment, Set<String> removed, String... command) {
    try {
      Path out = Files.createTempFile("belay-test", ".out");
      Path err = Files.createTempFile("belay-test", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        removed.forEach(builder.environment()::remove);
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new AssertionError(Arrays.toString(command) + " did not end");
        }
        return new Result(process.exitValue(), text(out), text(err));
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** The command line of a JVM like this one that runs {@code main} from the tests' class path. */
  public static List<String> java(String main, String... arguments) {
    // Whoever runs the tests in the background, or with nohup, has some of these ignored.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT,TERM"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(main);
    command.addAll(List.of(arguments));
    return command;
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
