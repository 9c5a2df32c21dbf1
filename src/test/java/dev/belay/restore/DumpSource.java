package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import dev.belay.process.ProcessCall;
import dev.belay.process.ProcessResult;
import dev.belay.process.ProcessRunner;
import dev.belay.support.PgVariables;
import dev.belay.swap.SavedProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A bare dump as a backup: rows are counted, nothing else is compared. */
final class DumpSource implements RestoreSource {
  private final Databases databases;
  private final Path file;
  private final Path log;
  private BackupFacts facts;
  private boolean held;
  private boolean readBefore;
  private Runnable afterwards = () -> {};

  DumpSource(Databases databases, Target target, Path folder) {
    this.databases = databases;
    this.file = folder.resolve("test.dump");
    this.log = folder.resolve("test.log");
    try (Database session = databases.open(target)) {
      facts =
          new BackupFacts(
              "dump_1",
              Instant.now(),
              target.database(),
              ServerInfo.systemIdentifier(session),
              ServerInfo.of(session).versionNumber(),
              true,
              target.user(),
              DatabaseLocale.of(session, target.database()),
              Optional.of(SavedProperties.of(session, target.database())),
              session.number("select pg_catalog.pg_database_size(pg_catalog.current_database())"),
              rows(session),
              Set.of(target.user()),
              Map.of("plpgsql", "1.0"),
              Map.of("default", List.of("V1__a.sql", "V2__b.sql")),
              true,
              Optional.empty());
    }
    ProcessResult result =
        run(target, List.of("/usr/bin/pg_dump", "-Fc", "-Z1", "-f", file.toString()), Map.of());
    if (!result.succeeded()) {
      throw new AssertionError(result.tail());
    }
  }

  @Override
  public BackupFacts facts() {
    return facts;
  }

  void pretend(BackupFacts other) {
    facts = other;
  }

  /** Whether it had to be read to its end before it was restored. */
  boolean wasReadBefore() {
    return readBefore;
  }

  /** Restores nothing and does not come back, until the process is ended. */
  void hold(boolean forEver) {
    held = forEver;
  }

  /** What happens when everything was restored, before it is compared. */
  void afterwards(Runnable what) {
    afterwards = what;
  }

  @Override
  public void check(boolean readable) {
    readBefore = readable;
    if (!file.toFile().isFile()) {
      throw Failure.findings("the backup " + facts.id() + " is damaged", "choose another");
    }
  }

  @Override
  public Restored restore(Job job) {
    if (held) {
      new CompletableFuture<Void>().join();
    }
    List<String> command = new ArrayList<>(List.of("/usr/bin/pg_restore", "--exit-on-error"));
    if (job.inPlace()) {
      command.addAll(List.of("--clean", "--if-exists", "--single-transaction"));
    }
    command.addAll(List.of("-d", job.target().database(), file.toString()));
    Instant begin = Instant.now();
    ProcessResult result =
        run(job.target(), command, Map.of("PGAPPNAME", RunSessions.name(job.run(), "pg_restore")));
    if (!result.succeeded()) {
      throw Failure.failed(
          "pg_restore ended with " + result.status() + ": " + result.tail(), "look");
    }
    afterwards.run();
    try (Database session = databases.open(job.target())) {
      Map<String, Long> now = rows(session);
      List<String> differences =
          facts.rows().entrySet().stream()
              .filter(table -> !table.getValue().equals(now.get(table.getKey())))
              .map(table -> table.getKey() + " has " + now.get(table.getKey()) + " rows")
              .toList();
      return new Restored(
          Duration.between(begin, Instant.now()),
          Duration.ZERO,
          now.size(),
          now.values().stream().mapToLong(Long::longValue).sum(),
          job.verify() ? differences : List.of());
    }
  }

  @Override
  public void recreate(Target from, Target live, List<TableName> tables, Job job) {
    throw new AssertionError("a bare dump is restored whole");
  }

  private ProcessResult run(Target target, List<String> command, Map<String, String> more) {
    Map<String, String> environment = PgVariables.of(target);
    environment.putAll(more);
    return new ProcessRunner()
        .run(new ProcessCall(command, environment, Set.of(), log, Duration.ofMinutes(1), () -> 0));
  }

  static Map<String, Long> rows(Database session) {
    Map<String, Long> rows = new TreeMap<>();
    session
        .list(
            "select c.oid::pg_catalog.regclass::text from pg_catalog.pg_class c"
                + " where c.relkind = 'r' and c.relnamespace = 'public'::pg_catalog.regnamespace",
            row -> row.getString(1))
        .forEach(table -> rows.put(table, session.number("select count(*) from " + table)));
    return rows;
  }
}
