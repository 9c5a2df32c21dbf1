package dev.belay.recovery;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueScope;
import dev.belay.config.AppSettings;
import dev.belay.core.TableName;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.MigrationHistory;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.BeyondRollback;
import java.util.ArrayList;
import java.util.List;

/**
 * A database as it was before a migration, for telling afterwards whether it is so again.
 *
 * @param histories what Flyway's tables said, one for each app
 * @param catalogue its schema without Flyway's tables
 * @param beyond sequences and large objects
 * @param nextTransaction the number that the next transaction of the server that writes will have
 */
public record Before(
    List<MigrationHistory> histories,
    Catalogue catalogue,
    BeyondRollback beyond,
    long nextTransaction) {
  public Before {
    histories = List.copyOf(histories);
  }

  /**
   * Looks. To be called when the backup is made and right before the migration begins.
   *
   * @param session with the target
   */
  public static Before take(GuardedRun run, Database session) {
    long next = RecoveryQueries.nextTransaction(session);
    List<MigrationHistory> histories = histories(run, session);
    Catalogue catalogue = catalogue(run, session);
    return new Before(histories, catalogue, BeyondRollback.read(session), next);
  }

  static List<MigrationHistory> histories(GuardedRun run, Database session) {
    List<MigrationHistory> histories = new ArrayList<>();
    for (AppSettings app : run.settings().apps()) {
      histories.add(HistoryQueries.read(session, app));
    }
    return histories;
  }

  static Catalogue catalogue(GuardedRun run, Database session) {
    return Catalogue.read(
        session,
        CatalogueScope.without(
            run.settings().apps().stream()
                .map(app -> new TableName(app.historySchema(), app.historyTable()))
                .toArray(TableName[]::new)));
  }
}
