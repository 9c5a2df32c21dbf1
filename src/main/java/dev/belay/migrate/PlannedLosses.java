package dev.belay.migrate;

import dev.belay.flyway.Migration;
import dev.belay.flyway.MigrationScript;
import dev.belay.postgres.Database;
import dev.belay.rollback.LossAccount;
import dev.belay.rollback.LossExport;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.UndoLoss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What the pending migrations lose, an account for each, exported before the first is applied. */
final class PlannedLosses {
  private final GuardedRun run;
  private final MigrateRequest request;
  private final Forecast forecast;
  private final String version;
  private final Map<String, LossAccount> accounts = new LinkedHashMap<>();

  /**
   * @param version of this program
   */
  PlannedLosses(GuardedRun run, MigrateRequest request, Forecast forecast, String version) {
    this.run = run;
    this.request = request;
    this.forecast = forecast;
    this.version = version;
    forecast.pending().forEach(this::open);
  }

  /** What was empty has one too: somebody may write to it before it goes. */
  private void open(Migration migration) {
    List<UndoLoss> lost = forecast.losses(migration);
    if (!lost.isEmpty() || !forecast.emptyLosses(migration).isEmpty()) {
      LossAccount account =
          new LossAccount(
              new LossExport(run, request.app(), request.jobs(), version),
              request.app(),
              request.export(),
              run.settings());
      account.add(lost);
      accounts.put(script(migration), account);
    }
  }

  private static String script(Migration migration) {
    MigrationScript script = Objects.requireNonNull(migration.script(), "it is pending");
    return script.script();
  }

  /** Exports what is lost. */
  void export(Database session) {
    accounts.values().forEach(account -> account.export(session));
  }

  /** Adds what is empty, after the export: there is nothing in it. */
  void addEmpty() {
    for (Migration migration : forecast.pending()) {
      LossAccount account = accounts.get(script(migration));
      if (account != null) {
        account.add(forecast.emptyLosses(migration));
      }
    }
  }

  /** The accounts, by the scripts of the migrations. */
  Map<String, LossAccount> accounts() {
    return Map.copyOf(accounts);
  }

  /** What was exported, up to now. */
  List<String> files() {
    return accounts.values().stream().flatMap(account -> account.files().stream()).toList();
  }
}
