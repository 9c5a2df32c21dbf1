package dev.belay.guard;

import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.PgVariables;
import dev.belay.support.Programs;
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
import tools.jackson.databind.JsonNode;

/** Belay as a process of its own, since a guarded command has its standard streams. */
final class GuardStage {
  private final Path here;
  private final Target target;
  private final Map<String, String> environment = new TreeMap<>();

  GuardStage(Path here, Target target) {
    this.here = here;
    this.target = target;
    environment.put("HOME", here.toString());
    environment.put("PATH", System.getenv("PATH"));
    environment.put("LC_ALL", "C.UTF-8");
    environment.putAll(PgVariables.of(target));
  }

  /** What one run left; the output as bytes, each as one character. */
  record Result(int status, String out, String err) {}

  GuardStage with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Path file(String name, String text) {
    try {
      Path file = here.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  void sql(String statement) {
    try (Database database = new JdbcDatabases("belay-test").open(target)) {
      database.execute("set search_path = public");
      database.execute(statement);
    }
  }

  boolean test(String question) {
    try (Database database = new JdbcDatabases("belay-test").open(target)) {
      database.execute("set search_path = public");
      return database.test(question);
    }
  }

  List<String> command(String... arguments) {
    return Programs.java("dev.belay.app.Main", arguments);
  }

  Process start(Path out, Path err, String... arguments) {
    return start(out, err, Path.of("/dev/null"), command(arguments));
  }

  Process start(Path out, Path err, Path input, List<String> command) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(here.toFile())
              .redirectInput(input.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment);
      return builder.start();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  /** Guards a command with {@code --yes} and these options before {@code --}. */
  Result guard(List<String> options, String... command) {
    List<String> all = new ArrayList<>(List.of("guard", "--yes"));
    all.addAll(options);
    all.add("--");
    all.addAll(List.of(command));
    return run(all.toArray(String[]::new));
  }

  Result run(String... arguments) {
    try {
      Path out = Files.createTempFile("belay-test", ".out");
      Path err = Files.createTempFile("belay-test", ".err");
      try {
        Process process = start(out, err, arguments);
        return result(process, out, err);
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  static Result result(Process process, Path out, Path err) {
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("hangs: " + Files.readString(err));
      }
      return new Result(
          process.exitValue(),
          Files.readString(out, StandardCharsets.ISO_8859_1),
          new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  JsonNode json(String file) {
    try {
      return Json.MAPPER.readTree(Files.readString(here.resolve(file)));
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
