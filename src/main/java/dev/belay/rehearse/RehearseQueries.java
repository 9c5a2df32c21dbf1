package dev.belay.rehearse;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;

/** What a rehearsal writes in the history of its copy. */
final class RehearseQueries {
  private RehearseQueries() {}

  /** Flyway is to take that script for one that was never applied. */
  static void forget(Database copy, TableName history, String script) {
    copy.execute("delete from " + history + " where script = ?", script);
  }

  /** One that failed outside a transaction left a row, with which Flyway goes no further. */
  static void forgetFailed(Database copy, TableName history) {
    copy.execute("delete from " + history + " where not success");
  }
}
