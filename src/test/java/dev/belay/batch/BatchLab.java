package dev.belay.batch;

import dev.belay.config.AppSettings;
import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.flyway.ParsedScript;
import dev.belay.journal.RunSessions;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Quiet;
import dev.belay.support.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A database, and a script whose statements are run in batches in it. */
final class BatchLab implements AutoCloseable {
  static final TableName HISTORY = new TableName("public", "flyway_schema_history");
  static final BatchPace HUNDRED = new BatchPace(Optional.of(100), Duration.ZERO);

  final Target target;
  final Database session;

  BatchLab() {
    this(TestServer.fresh("batch"));
  }

  private BatchLab(Target target) {
    this.target = target;
    this.session = new JdbcDatabases("belay-test").open(target);
  }

  /** With what another process prepared. */
  static BatchLab of(Target target) {
    return new BatchLab(target);
  }

  static AppSettings app() {
    return new AppSettings(
        "clinic",
        List.of("public"),
        List.of(),
        List.of(),
        List.of(),
        HISTORY.schema(),
        HISTORY.table(),
        Map.of(),
        Map.of());
  }

  BatchLab sql(String... statements) {
    for (String statement : statements) {
      session.execute(statement);
    }
    return this;
  }

  long number(String query) {
    return session.number(query);
  }

  List<BatchStatement> statements(String script) {
    ParsedScript parsed = ParsedScript.of(app(), target, "U4__x.sql", script);
    Marks marks = Marks.of(parsed, script);
    List<BatchStatement> statements = new ArrayList<>();
    for (int index = 0; index < parsed.statements().size(); index++) {
      marks.batch(index).ifPresent(statements::add);
    }
    return statements;
  }

  /** Begins a run of it, or finds the one that is open. */
  long begin(String script) {
    RunId run = RunId.fresh();
    Ledger.ensure(session);
    Optional<BatchRun> open = BatchRuns.open(session, HISTORY);
    if (open.isPresent()) {
      BatchRuns.take(session, open.get().id(), run);
      return open.get().id();
    }
    return session.inTransaction(
        () ->
            BatchRuns.begin(
                session, HISTORY, "clinic", "4", "0", List.of("x"), run, statements(script)));
  }

  boolean run(long run, String script, BatchPace pace, ThrottleLimits limits) {
    return new Batching(
            new JdbcDatabases(RunSessions.name(RunId.fresh())),
            target,
            BatchSettings.of(pace, limits, "public"),
            Quiet.progress())
        .run(run, statements(script));
  }

  boolean run(String script, BatchPace pace) {
    return run(begin(script), script, pace, ThrottleLimits.usual());
  }

  @Override
  public void close() {
    session.close();
    TestServer.drop(target);
  }
}
