package dev.belay.points;

import dev.belay.cli.Progress;
import dev.belay.core.Fingerprint;
import dev.belay.core.TableName;
import dev.belay.dataset.LiveTable;
import dev.belay.dataset.LiveTables;
import dev.belay.integrity.Fingerprints;
import dev.belay.integrity.TableShape;
import dev.belay.postgres.Database;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What tables hold in one session, as fingerprints: that of a partitioned one is of all its rows.
 */
final class Contents {
  private Contents() {}

  /**
   * Goes through every row of the tables.
   *
   * @return empty for a table of which not every part can be read by itself
   */
  static Map<TableName, Optional<Fingerprint>> of(
      Database session, List<TableName> tables, Progress progress) {
    Map<TableName, TableShape> shapes =
        Fingerprints.tables(session).shapes().stream()
            .collect(Collectors.toMap(TableShape::name, shape -> shape));
    Map<TableName, LiveTable> live =
        LiveTables.of(session).tables().stream()
            .collect(Collectors.toMap(LiveTable::name, table -> table));
    Map<TableName, Optional<Fingerprint>> contents = new TreeMap<>();
    long bytes =
        live.values().stream()
            .filter(table -> tables.contains(table.name()))
            .mapToLong(LiveTable::bytes)
            .sum();
    try (Progress.Bar bar = progress.bar("fingerprints", bytes, "bytes")) {
      for (TableName name : tables) {
        LiveTable table = live.get(name);
        contents.put(name, table == null ? Optional.empty() : of(session, table, shapes, bar));
      }
    }
    return contents;
  }

  private static Optional<Fingerprint> of(
      Database session, LiveTable table, Map<TableName, TableShape> shapes, Progress.Bar bar) {
    List<TableShape> parts = new ArrayList<>();
    for (LiveTable.Part part : table.parts()) {
      TableShape shape = shapes.get(part.name());
      if (shape == null || !table.foreignParts().isEmpty()) {
        return Optional.empty();
      }
      parts.add(shape);
    }
    long rows = 0;
    BigInteger sum = BigInteger.ZERO;
    for (Fingerprint part : Fingerprints.measureHere(parts, session, bar).values()) {
      rows += part.rows();
      sum = sum.add(new BigInteger(part.sum()));
    }
    return Optional.of(new Fingerprint(rows, sum.toString()));
  }
}
