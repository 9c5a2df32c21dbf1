package dev.belay.integrity;

import dev.belay.cli.Progress;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.PgVariables;
import dev.belay.support.Programs;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;

/** A database of one test's own, and what is measured in it. */
final class Lab implements AutoCloseable {
  private final Databases databases = new JdbcDatabases("integrity-test");
  private final Target target;
  private final Database session;

  Lab(String hint) {
    this(TestServer.fresh(hint));
  }

  private Lab(Target target) {
    this.target = target;
    this.session = databases.open(target);
  }

  Databases databases() {
    return databases;
  }

  Target target() {
    return target;
  }

  Database session() {
    return session;
  }

  /** One more session. */
  Database worker() {
    return databases.open(target);
  }

  void run(String... statements) {
    for (String statement : statements) {
      session.execute(statement);
    }
  }

  TableShape shape(String table) {
    return Fingerprints.tables(session).shapes().stream()
        .filter(shape -> shape.name().table().equals(table))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException(table));
  }

  /** The fingerprint of the table of that name, whatever its schema. */
  Fingerprint of(String table) {
    TableShape shape = shape(table);
    return Objects.requireNonNull(measure(List.of(shape), 1, Long.MAX_VALUE).get(shape.name()));
  }

  Map<TableName, Fingerprint> measure(List<TableShape> tables, int jobs, long bytesPerPiece) {
    try (Progress.Bar bar = Quiet.progress().bar("measuring", 0, "bytes")) {
      return Fingerprints.measure(tables, this::worker, jobs, bar, bytesPerPiece);
    }
  }

  Content content() {
    List<SequenceState> sequences = Sequences.of(session);
    return Content.of(
        Fingerprints.probe(session),
        measure(Fingerprints.tables(session).shapes(), 2, 8),
        Sequences.expected(sequences, sequences),
        LargeObjects.of(session));
  }

  ContentVerdict compare(Content expected) {
    return ContentComparison.of(expected, session, this::worker, 2, Quiet.progress());
  }

  /** A new database with what pg_dump and pg_restore make of this one. */
  Lab restored() {
    Lab copy = new Lab("restored");
    try {
      // Types made first take numbers, so that those of the dump get others.
      copy.run("create type shifting as enum ('x', 'y', 'z')", "drop type shifting");
      Programs.Result result =
          Programs.run(
              environment(copy),
              Set.of("PGPASSWORD"),
              "/bin/bash",
              "-c",
              "set -o pipefail; pg_dump -Fc -d \"$SOURCE\" | pg_restore --exit-on-error -d \"$COPY\"");
      if (result.status() != 0) {
        throw new AssertionError(result);
      }
      return copy;
    } catch (Throwable broken) {
      copy.close();
      throw broken;
    }
  }

  private Map<String, String> environment(Lab copy) {
    Map<String, String> environment = PgVariables.of(target);
    environment.put("SOURCE", target.database());
    environment.put("COPY", copy.target.database());
    return environment;
  }

  @Override
  public void close() {
    session.close();
    TestServer.drop(target);
  }
}
