package dev.belay.scratch;

import dev.belay.postgres.Database;
import java.sql.SQLException;
import java.sql.Statement;

/** Runs the text of a whole file. */
final class ScriptQueries {
  private ScriptQueries() {}

  /** All its statements, in one transaction unless the file says otherwise. */
  static void run(Database session, String sql) {
    try (Statement statement = session.connection().createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    } catch (SQLException error) {
      throw session.failure(error);
    }
  }
}
