package dev.belay.pgtools;

import com.exceptionfactory.jagged.bech32.Bech32;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.Pooler;
import dev.belay.postgres.ServerInfo;
import dev.belay.postgres.Snapshot;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Dumps and restores for tests, with the real programs unless one is given. */
public final class Rig {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  final Databases databases = new JdbcDatabases("belay-test");
  final PostgresTools tools = new PostgresTools(Optional.empty(), System.getenv());
  final ServerInfo server;
  final Path folder;
  final Path log;
  Duration stallTimeout = PATIENCE;
  Compression compression = Compression.parse("auto");
  DumpSelection selection = DumpSelection.WHOLE;
  Recipients recipients = Recipients.NONE;
  int jobs = 2;

  Rig(Path folder) {
    this(folder, TestServer.admin());
  }

  Rig(Path folder, Target any) {
    this.folder = folder;
    this.log = folder.resolve("run.log");
    try (Database session = databases.open(any)) {
      server = ServerInfo.of(session);
    }
  }

  /** Dumps into a folder or file of that name. */
  DumpResult dump(Target target, String output) {
    return dump(target, output, tools.dumpFor(server));
  }

  DumpResult dump(Target target, String output, Tool tool) {
    try (Snapshot snapshot = Snapshot.take(databases, target)) {
      return dump(target, output, tool, snapshot.id());
    }
  }

  DumpResult dump(Target target, String output, Tool tool, String snapshot) {
    return new PgDump(databases)
        .run(
            new DumpRequest(
                target,
                RunId.fresh(),
                server,
                Pooler.NONE,
                tool,
                snapshot,
                jobs,
                compression,
                selection,
                recipients,
                folder.resolve(output),
                log,
                stallTimeout),
            bytes -> {});
  }

  RestoreResult restore(DumpArchive archive, Target target, RestoreRequest.Manner manner) {
    return restore(archive, target, manner, tools.restoreFor(15, server));
  }

  RestoreResult restore(
      DumpArchive archive, Target target, RestoreRequest.Manner manner, Tool tool) {
    return new PgRestore(databases)
        .restore(
            new RestoreRequest(
                archive, target, RunId.fresh(), server, tool, jobs, manner, log, stallTimeout));
  }

  void sql(Target target, String... statements) {
    try (Database session = databases.open(target)) {
      session.execute("set search_path = public");
      for (String statement : statements) {
        session.execute(statement);
      }
    }
  }

  String text(Target target, String query) {
    try (Database session = databases.open(target)) {
      session.execute("set search_path = public");
      return session.text(query);
    }
  }

  /** A program of that name that runs the script; {@code --version} answers with the version. */
  static Path program(Path folder, String name, String version, String script) {
    try {
      Files.createDirectories(folder);
      Path file = folder.resolve(name);
      Files.writeString(
          file,
          """
          #!/bin/sh
          if [ "$1" = --version ]; then echo '%s (PostgreSQL) %s'; exit 0; fi
          %s
          """
              .formatted(name, version, script));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      return file;
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  Tool fake(String name, String script) {
    Path place = folder.resolve("fake");
    return new Tool(program(place, name, "15.3", script), name, 15, "15.3");
  }

  /** A key pair: its public key, and a file with mode 0600 that holds the private one. */
  public record Keys(String publicKey, Path file) {
    Identity identity() {
      return Identity.read(file);
    }
  }

  public static Keys keys(Path folder, String name) {
    try {
      byte[] secret = new byte[32];
      new SecureRandom().nextBytes(secret);
      String text =
          Bech32.getEncoder().encode("AGE-SECRET-KEY-", secret).toString().toUpperCase(Locale.ROOT);
      Path file = folder.resolve(name);
      Files.writeString(file, "# created: for a test\n\n" + text + "\n");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return new Keys(PublicKey.of(secret), file);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  static List<Path> files(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }
}
