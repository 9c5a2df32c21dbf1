package dev.belay.catalogue;

import dev.belay.core.Identifier;
import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.pgtools.PostgresTools;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.ServerInfo;
import dev.belay.support.Programs;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** A database with everything in it, changes to it, and what pg_dump says of it. */
final class Changes {
  static final JdbcDatabases DATABASES = new JdbcDatabases("belay-test");

  private Changes() {}

  /** A new database with everything. */
  static Target everything() {
    Target target = TestServer.fresh("everything");
    run(target, text("everything.sql"));
    return target;
  }

  /** A copy of a database that nobody is with. */
  static Target copy(Target of) {
    Target copy =
        TestServer.admin().withDatabase(of.database().substring(0, 12) + System.nanoTime());
    try (Database session = DATABASES.open(TestServer.admin())) {
      session.execute(
          "create database "
              + new Identifier(copy.database())
              + " template "
              + new Identifier(of.database()));
    }
    return copy;
  }

  /** The changes of a file, one a line. */
  static List<String> lines(String file) {
    List<String> lines = new ArrayList<>();
    for (String line : text(file).split("\n", -1)) {
      if (!line.isBlank() && !line.startsWith("--")) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static String text(String file) {
    try (InputStream stream = Changes.class.getResourceAsStream(file)) {
      return new String(
          Objects.requireNonNull(stream, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Runs a script as a person would, with {@code search_path} as it is by default. */
  static void run(Target target, String sql) {
    tryTo(target, sql)
        .ifPresent(
            no -> {
              throw new AssertionError(no + " in " + sql);
            });
  }

  /** Runs a script to its first error, which is the answer. */
  static Optional<String> tryTo(Target target, String sql) {
    try {
      Path file = Files.createTempFile("belay-test", ".sql");
      try {
        Files.writeString(file, sql);
        Programs.Result result =
            Programs.run(
                password(target),
                Set.of(),
                program(target).resolveSibling("psql").toString(),
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--file=" + file,
                connection(target));
        return result.status() == 0 ? Optional.empty() : Optional.of(result.err());
      } finally {
        Files.delete(file);
      }
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  static Catalogue read(Target target) {
    return Catalogue.read(DATABASES, target, CatalogueScope.without());
  }

  /** What pg_dump prints of the schema, without what is another each time. */
  static String dump(Target target) {
    Programs.Result result =
        Programs.run(
            password(target),
            Set.of(),
            program(target).toString(),
            "--schema-only",
            "--dbname",
            connection(target));
    if (result.status() != 0) {
      throw new AssertionError(result.err());
    }
    return result
        .out()
        .replaceAll("(?m)^(--.*|\\\\(un)?restrict .*|SET default_.*|)$\\n", "")
        .strip();
  }

  private static Map<String, String> password(Target target) {
    return Map.of("PGPASSWORD", target.password().map(Secret::reveal).orElse(""));
  }

  /** The pg_dump that suits the server. */
  private static Path program(Target target) {
    try (Database session = DATABASES.open(target)) {
      return new PostgresTools(Optional.empty(), System.getenv())
          .dumpFor(ServerInfo.of(session))
          .path();
    }
  }

  private static String connection(Target target) {
    return "host=%s port=%d user=%s dbname='%s'"
        .formatted(
            target.host(),
            target.port(),
            target.user(),
            target.database().replace("\\", "\\\\").replace("'", "\\'"));
  }
}
