package dev.belay.rehearse;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueScope;
import dev.belay.cli.Progress;
import dev.belay.config.AppSettings;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.diff.Relations;
import dev.belay.flyway.HistoryLock;
import dev.belay.integrity.Fingerprints;
import dev.belay.integrity.LargeObjects;
import dev.belay.integrity.SequenceState;
import dev.belay.integrity.Sequences;
import dev.belay.integrity.TableShape;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.scratch.HeldLocks;
import dev.belay.undo.SchemaReturn;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Schema and data of a copy between two steps.
 *
 * @param schema without Flyway's table and the ledger
 * @param tables what each table holds, but those two
 * @param sequences where they are
 * @param largeObjects all of them
 */
record DataState(
    Catalogue schema,
    Map<TableName, Fingerprint> tables,
    List<SequenceState> sequences,
    LargeObjects largeObjects) {
  DataState {
    tables = Map.copyOf(tables);
    sequences = List.copyOf(sequences);
  }

  /**
   * Reads everything.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the server is gone
   */
  static DataState whole(
      Databases databases, Target copy, AppSettings app, int jobs, Progress progress) {
    return read(databases, copy, app, jobs, progress, Optional.empty(), Set.of());
  }

  /**
   * Reads again what may have changed.
   *
   * @param written the tables that may have been written since; empty: nobody knows which
   */
  DataState after(
      Databases databases,
      Target copy,
      AppSettings app,
      int jobs,
      Progress progress,
      Optional<Set<TableName>> written) {
    return read(
        databases, copy, app, jobs, progress, written.map(none -> this), written.orElse(Set.of()));
  }

  /** Reads what was written, or is not known from before. */
  private static DataState read(
      Databases databases,
      Target copy,
      AppSettings app,
      int jobs,
      Progress progress,
      Optional<DataState> before,
      Set<TableName> written) {
    Map<TableName, Fingerprint> known =
        new TreeMap<>(before.map(DataState::tables).orElse(Map.of()));
    known.keySet().removeAll(written);
    TableName history = HistoryLock.table(app);
    try (Database session = databases.open(copy)) {
      List<TableShape> there =
          Fingerprints.tables(session).shapes().stream()
              .filter(shape -> !shape.name().equals(history))
              .filter(shape -> !shape.name().schema().equals(Relations.OWN_SCHEMA))
              .toList();
      List<TableShape> measured =
          there.stream().filter(shape -> !known.containsKey(shape.name())).toList();
      Map<TableName, Fingerprint> tables = new TreeMap<>();
      there.stream()
          .map(TableShape::name)
          .forEach(
              name -> Optional.ofNullable(known.get(name)).ifPresent(f -> tables.put(name, f)));
      long bytes = measured.stream().mapToLong(TableShape::bytes).sum();
      try (Progress.Bar bar = progress.bar("fingerprints", bytes, "bytes")) {
        tables.putAll(
            Fingerprints.measure(measured, () -> databases.open(copy), Math.max(1, jobs), bar));
      }
      return new DataState(
          Catalogue.read(session, CatalogueScope.without(history)),
          tables,
          Sequences.of(session).stream()
              .filter(state -> !state.name().schema().equals(Relations.OWN_SCHEMA))
              .toList(),
          before
              .filter(none -> !written.contains(HeldLocks.LARGE_OBJECTS))
              .map(DataState::largeObjects)
              .orElseGet(() -> largeObjects(session, progress)));
    }
  }

  /** Every byte of them is read, which takes its time where there are many. */
  private static LargeObjects largeObjects(Database session, Progress progress) {
    long count = LargeObjects.count(session);
    if (count > 0) {
      progress.step("reading " + Units.count(count, "large object", "large objects"));
    }
    return LargeObjects.of(session);
  }

  /** Rows of a table; 0 where it is not there. */
  long rows(TableName table) {
    Fingerprint there = tables.get(table);
    return there == null ? 0 : there.rows();
  }

  /** Tables that this one has and the other one has not, or with other content. */
  List<TableName> notIn(DataState other) {
    return tables.entrySet().stream()
        .filter(table -> !table.getValue().equals(other.tables.get(table.getKey())))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Whether a table is there with the same content, or in neither. */
  boolean hasSame(TableName table, DataState other) {
    return Objects.equals(tables.get(table), other.tables.get(table));
  }

  /** Whether schema, tables and large objects are the same. */
  boolean isAs(DataState other) {
    return notIn(other).isEmpty()
        && other.notIn(this).isEmpty()
        && largeObjects.equals(other.largeObjects)
        && SchemaReturn.of(schema, other.schema).differences().isEmpty();
  }

  /** What became of the large objects, which are told apart by their number and as a whole only. */
  Optional<Lost> largeObjectsLostIn(DataState other) {
    if (largeObjects.equals(other.largeObjects)) {
      return Optional.empty();
    }
    long was = largeObjects.count();
    long is = other.largeObjects.count();
    return Optional.of(
        new Lost(
            Lost.LARGE_OBJECTS,
            Math.max(0, was - is),
            Math.min(was, is),
            Math.max(0, is - was),
            false));
  }

  /** Sequences that would give a value again that this state has given already, in words. */
  List<String> setBackIn(DataState other) {
    Map<TableName, SequenceState> now = new TreeMap<>();
    other.sequences.forEach(state -> now.put(state.name(), state));
    return sequences.stream()
        .filter(state -> !state.cycles())
        .filter(
            state ->
                Optional.ofNullable(now.get(state.name()))
                    .filter(found -> !found.isAtOrBeyond(state))
                    .isPresent())
        .map(
            state ->
                "sequence %s was at %d, is at %d"
                    .formatted(
                        state.name().plain(),
                        state.lastValue(),
                        Objects.requireNonNull(now.get(state.name())).lastValue()))
        .toList();
  }
}
