package dev.belay.migrate;

import dev.belay.core.TableName;
import dev.belay.flyway.AppState;
import dev.belay.flyway.Migration;
import dev.belay.migrations.AppRisk;
import dev.belay.migrations.LockedTable;
import dev.belay.migrations.PendingRisk;
import dev.belay.undo.DataLoss;
import dev.belay.undo.UndoLoss;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is going to happen, as far as a replay shows it.
 *
 * @param state the migrations as they are before
 * @param pending those that are applied, in that order
 * @param risk what the replay showed; empty: there was none
 * @param why why there was no replay; empty where there was one
 */
record Forecast(
    AppState state, List<Migration> pending, Optional<AppRisk> risk, Optional<String> why) {
  Forecast {
    pending = List.copyOf(pending);
  }

  /** What is known of one of them. */
  Optional<PendingRisk> of(Migration migration) {
    return risk.stream()
        .flatMap(all -> all.pending().stream())
        .filter(each -> each.migration().equals(migration.name()))
        .findFirst();
  }

  /** What is known of the one that Flyway calls so. */
  Optional<PendingRisk> ofScript(String script) {
    return pending(script).flatMap(this::of);
  }

  /** The one that Flyway calls so. */
  Optional<Migration> pending(String script) {
    return pending.stream()
        .filter(each -> each.script() != null && each.script().script().equals(script))
        .findFirst();
  }

  /**
   * Whether it certainly runs in one transaction, so that nothing of it stays when it fails. What
   * was not replayed may do anything.
   */
  boolean isTransactional(String script) {
    return ofScript(script).flatMap(PendingRisk::inTransaction).orElse(false);
  }

  /** Whether it locks nothing of the live database in a way that keeps others waiting. */
  boolean stopsNobody(String script) {
    return ofScript(script)
        .filter(PendingRisk::replayed)
        .map(
            each ->
                each.locks().stream()
                    .noneMatch(lock -> lock.live() && lock.stops() != LockedTable.Stops.nothing))
        .orElse(false);
  }

  /** What of the live data is lost by all of them. */
  List<UndoLoss> losses() {
    return pending.stream().flatMap(each -> losses(each).stream()).distinct().toList();
  }

  /** What of the live data is lost by one of them. */
  List<UndoLoss> losses(Migration migration) {
    return data(migration).filter(data -> !data.amount().isNone()).map(Forecast::loss).toList();
  }

  /** What of the live data would be lost by one of them if there were any: it was empty. */
  List<UndoLoss> emptyLosses(Migration migration) {
    return data(migration).filter(data -> data.amount().isNone()).map(Forecast::loss).toList();
  }

  private Stream<DataLoss> data(Migration migration) {
    return of(migration).map(PendingRisk::losses).orElse(List.of()).stream()
        .flatMap(loss -> loss.data().stream());
  }

  private static UndoLoss loss(DataLoss data) {
    return new UndoLoss(
        data.kind(),
        data.table(),
        data.column(),
        data.amount().number().orElse(0L),
        data.amount().exact());
  }

  /** Rows and values that are lost in all. */
  long rowsLost() {
    return losses().stream().mapToLong(UndoLoss::rows).sum();
  }

  /** Whether more may be lost than anybody has counted. */
  boolean losesUncounted() {
    return pending.stream()
        .flatMap(each -> of(each).stream())
        .flatMap(each -> each.losses().stream())
        .anyMatch(loss -> loss.amount().number().isEmpty());
  }

  /** The live tables that are locked or lose something, by their names without quotes. */
  Set<String> tables() {
    Set<String> tables = new TreeSet<>();
    pending.stream()
        .flatMap(each -> of(each).stream())
        .flatMap(each -> each.locks().stream())
        .filter(LockedTable::live)
        .map(LockedTable::table)
        .forEach(tables::add);
    losses().stream().map(UndoLoss::table).map(TableName::plain).forEach(tables::add);
    return tables;
  }
}
