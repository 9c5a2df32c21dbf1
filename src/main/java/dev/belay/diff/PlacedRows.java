package dev.belay.diff;

import dev.belay.integrity.RowHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows of one table or partition, by their places.
 *
 * @param table its number in {@code pg_class}
 */
public record PlacedRows(long table, List<RowPlace> places) {
  public PlacedRows {
    places = List.copyOf(places);
  }

  /** The places, table by table. */
  public static List<PlacedRows> of(List<RowPlace> places) {
    Map<Long, List<RowPlace>> byTable = new LinkedHashMap<>();
    places.forEach(
        place -> byTable.computeIfAbsent(place.table(), table -> new ArrayList<>()).add(place));
    return byTable.entrySet().stream()
        .map(entry -> new PlacedRows(entry.getKey(), entry.getValue()))
        .toList();
  }

  /**
   * A statement that reads these rows, each with its {@code ctid} as the last column. The rows are
   * called {@link RowHash#ALIAS}.
   *
   * @param columns {@code select} and what comes before the place
   */
  public String select(String columns, Relation relation) {
    return "%s, %s.ctid from %s as %s where %s"
        .formatted(columns, RowHash.ALIAS, relation.from(), RowHash.ALIAS, condition());
  }

  /** The condition that a row called {@link RowHash#ALIAS} is one of these. */
  public String condition() {
    return "%s.tableoid = %d and %s.ctid = any ('%s'::pg_catalog.tid[])"
        .formatted(
            RowHash.ALIAS,
            table,
            RowHash.ALIAS,
            places.stream()
                .map(place -> '"' + place.ctid() + '"')
                .collect(Collectors.joining(",", "{", "}")));
  }

  /** The place of a row of this table, from the text of its {@code ctid}. */
  public RowPlace place(String ctid) {
    int comma = ctid.indexOf(',');
    return new RowPlace(
        table,
        Long.parseLong(ctid.substring(1, comma)),
        Integer.parseInt(ctid.substring(comma + 1, ctid.length() - 1)));
  }
}
