package dev.belay.batch;

import dev.belay.core.RunId;
import dev.belay.core.TableName;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.report.Json;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** Reads and writes runs of batches in the ledger. */
final class BatchRunQueries {
  private static final String RUNS =
      """
      select r.id, r.app, r.migration, r.plan_sha256,
             array(select pg_catalog.jsonb_array_elements_text(r.plan)), r.kept::text, r.phase,
             r.state, r.reason, r.waits_for, r.run, r.begun_at, r.begun_by,
             exists (select from pg_catalog.pg_stat_activity a
                      where a.application_name = pg_catalog.concat(?::text, r.run))
        from belay.batch_run r
      """;

  private static final String OPEN =
      RUNS
          + """
          where r.history_schema = ? and r.history_table = ?
            and r.state not in ('finished', 'discarded')
          """;

  private static final String PROGRESS =
      """
      select step, script, line, table_name, rows_in_all, pass, last_key, keys_done, rows_done,
             batches_done, finished
        from belay.batch_step
       where batch_run = ?
       order by step
      """;

  /** What would be done twice if the statement were run again. */
  private static final String DONE_ONCE =
      PROGRESS.replace("order by", "and not repeatable and keys_done > 0 order by");

  private static final String BEGIN =
      """
      insert into belay.batch_run (history_schema, history_table, app, migration, plan_sha256, plan,
                                   phase, state, run, begun_by)
      values (?, ?, ?, ?, ?, ?::jsonb, 'data', 'running', ?, session_user)
      returning id
      """;

  private static final String STEP =
      """
      insert into belay.batch_step (batch_run, step, script, line, table_name, rows_in_all, repeatable)
      values (?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String TAKE =
      """
      update belay.batch_run
         set run = ?, state = case when state = 'paused' then state else 'running' end,
             reason = case when state = 'paused' then reason end, waits_for = null,
             changed_at = pg_catalog.clock_timestamp()
       where id = ?
      """;

  /** Only from what the one who changes it knows: somebody else may have had their word. */
  private static final String CHANGE =
      """
      update belay.batch_run
         set state = ?, reason = nullif(?, ''), waits_for = null, changed_at = pg_catalog.clock_timestamp()
       where id = ? and phase = ? and state = ?
      """;

  /** What was switched, or given up, did not break off. */
  private static final String BROKEN =
      """
      update belay.batch_run
         set state = ?, reason = nullif(?, ''), waits_for = null, changed_at = pg_catalog.clock_timestamp()
       where id = ? and phase in ('data', 'schema') and state not in ('finished', 'discarded')
      """;

  private static final String PHASE =
      """
      update belay.batch_run
         set phase = ?, changed_at = pg_catalog.clock_timestamp()
       where id = ? and phase = ? and state not in ('finished', 'discarded')
      """;

  private static final String FINISH =
      """
      update belay.batch_run
         set phase = 'done', state = 'finished', reason = null, waits_for = null,
             changed_at = pg_catalog.clock_timestamp()
       where id = ? and phase = 'verify'
      """;

  private static final String HOLD =
      """
      select state from belay.batch_run where id = ? for update
      """;

  /** Only from the checkpoint that this program knows: nobody else may have gone on meanwhile. */
  private static final String CHECKPOINT =
      """
      update belay.batch_step
         set last_key = ?, rows_done = rows_done + ?,
             keys_done = keys_done + case when pass = 1 then ? else 0 end,
             batches_done = batches_done + case when pass = 1 then 1 else 0 end
       where batch_run = ? and step = ? and pass = ? and not finished
         and last_key is not distinct from nullif(?::text[], '{}')
      """;

  private static final String NEXT_PASS =
      """
      update belay.batch_step
         set pass = pass + 1, last_key = null, finished = ?
       where batch_run = ? and step = ? and not finished
      """;

  private BatchRunQueries() {}

  static Optional<BatchRun> open(Database session, TableName history) {
    return session.first(OPEN, BatchRunQueries::run, prefix(), history.schema(), history.table());
  }

  static List<BatchRun> all(Database session) {
    return session.list(RUNS + " order by r.id desc", BatchRunQueries::run, prefix());
  }

  static Optional<BatchRun> one(Database session, long id) {
    return session.first(RUNS + " where r.id = ?", BatchRunQueries::run, prefix(), id);
  }

  private static String prefix() {
    return RunSessions.name(new RunId(""));
  }

  private static BatchRun run(ResultSet row) throws SQLException {
    return new BatchRun(
        row.getLong(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        BatchTableQueries.texts(row.getArray(5)),
        BatchKept.of(row.getString(6)),
        row.getString(7),
        BatchState.of(row.getString(8)),
        Optional.ofNullable(row.getString(9)),
        Optional.ofNullable(row.getString(10)),
        new RunId(row.getString(11)),
        row.getObject(12, OffsetDateTime.class).toInstant(),
        row.getString(13),
        row.getBoolean(14));
  }

  static List<BatchProgress> progress(Database session, long id) {
    return progress(session, PROGRESS, id);
  }

  static List<BatchProgress> doneOnce(Database session, long id) {
    return progress(session, DONE_ONCE, id);
  }

  private static List<BatchProgress> progress(Database session, String query, long id) {
    return session.list(
        query,
        row -> {
          Array key = row.getArray(7);
          return new BatchProgress(
              row.getInt(1),
              row.getString(2),
              row.getInt(3),
              row.getString(4),
              row.getLong(5),
              row.getInt(6),
              key == null ? Optional.empty() : Optional.of(BatchTableQueries.texts(key)),
              row.getLong(8),
              row.getLong(9),
              row.getLong(10),
              row.getBoolean(11));
        },
        id);
  }

  static long begin(
      Database session,
      TableName history,
      String app,
      String migration,
      String sha256,
      List<String> plan,
      RunId run) {
    return session.number(
        BEGIN,
        history.schema(),
        history.table(),
        app,
        migration,
        sha256,
        Json.MAPPER.writeValueAsString(plan),
        run.text());
  }

  static void step(
      Database session, long run, int step, BatchStatement statement, BatchTable table) {
    session.execute(
        STEP,
        run,
        step,
        statement.script(),
        statement.line(),
        table.name().plain(),
        table.rows(),
        statement.mark().repeatable());
  }

  static void take(Database session, long id, RunId run) {
    session.execute(TAKE, run.text(), id);
  }

  static boolean phase(Database session, long id, String from, String to) {
    return session.execute(PHASE, to, id, from) == 1;
  }

  static void finish(Database session, long id) {
    session.execute(FINISH, id);
  }

  static void keep(Database session, long id, BatchKept kept) {
    session.execute("update belay.batch_run set kept = ?::jsonb where id = ?", kept.json(), id);
  }

  /** What it is doing; that stays so until the transaction ends. */
  static BatchState hold(Database session, long id) {
    return BatchState.of(session.text(HOLD, id));
  }

  static boolean change(Database session, BatchRun from, BatchState to, Optional<String> reason) {
    return session.execute(
            CHANGE, to.word(), reason.orElse(""), from.id(), from.phase(), from.state().word())
        == 1;
  }

  static void broken(Database session, long id, BatchState state, String reason) {
    session.execute(BROKEN, state.word(), reason, id);
  }

  /** Whether the checkpoint was the one that this program knew. */
  static boolean checkpoint(
      Database session, long run, BatchProgress from, List<String> key, long keys, long rows) {
    return session.execute(
            CHECKPOINT,
            array(session, key),
            rows,
            keys,
            run,
            from.step(),
            from.pass(),
            array(session, from.lastKey().orElse(List.of())))
        == 1;
  }

  static void endPass(Database session, long run, int step, boolean finished) {
    session.execute(NEXT_PASS, finished, run, step);
  }

  static void again(Database session, long run, int step) {
    session.execute(
        "update belay.batch_step set finished = false, last_key = null"
            + " where batch_run = ? and step = ? and pass > 1",
        run,
        step);
  }

  private static Object array(Database session, List<String> texts) {
    try {
      return session.connection().createArrayOf("text", texts.toArray());
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }
}
