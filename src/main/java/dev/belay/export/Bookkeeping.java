package dev.belay.export;

import dev.belay.config.AppSettings;
import dev.belay.core.TableName;
import dev.belay.diff.Relations;
import java.util.List;

/** The tables that say what was done to this database, and are nobody's data. */
public final class Bookkeeping {
  private Bookkeeping() {}

  /** Whether it is a history table of Flyway, or Belay's own. */
  public static boolean is(TableName table, List<AppSettings> apps) {
    return table.schema().equals(Relations.OWN_SCHEMA)
        || apps.stream()
            .anyMatch(
                app ->
                    app.historySchema().equals(table.schema())
                        && app.historyTable().equals(table.table()));
  }
}
