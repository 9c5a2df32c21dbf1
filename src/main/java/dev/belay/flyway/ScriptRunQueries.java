package dev.belay.flyway;

import dev.belay.postgres.Database;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.internal.jdbc.JdbcTemplate;
import org.flywaydb.core.internal.jdbc.Results;
import org.flywaydb.core.internal.sqlscript.SqlStatement;

/** Sends statements of scripts to the server. */
final class ScriptRunQueries {
  private ScriptRunQueries() {}

  /** What a query answers is not read: it may be long. */
  static long run(Database session, String sql) {
    try (Statement statement = session.connection().createStatement()) {
      statement.setEscapeProcessing(false);
      statement.setFetchSize(1);
      long changed = 0;
      boolean rows = statement.execute(sql);
      while (rows || statement.getLargeUpdateCount() >= 0) {
        changed += rows ? 0 : statement.getLargeUpdateCount();
        rows = statement.getMoreResults();
      }
      return changed;
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }

  /** Flyway knows the data that belong to a COPY. */
  static long copy(Database session, SqlStatement copy) {
    JdbcTemplate template = new JdbcTemplate(session.connection(), Types.NULL);
    Results results = copy.execute(template, null, Flyway.configure());
    SQLException error = results.getException();
    if (error != null) {
      throw session.failure(error);
    }
    return results.getResults().stream().mapToLong(each -> Math.max(0, each.updateCount())).sum();
  }
}
