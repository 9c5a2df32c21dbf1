package dev.belay.diff;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tables that are written by one statement. The server checks foreign keys at its end, so within it
 * no order is needed.
 *
 * @param tables those with something to write
 * @param circle whether they refer to each other, or one to itself
 */
record WriteUnit(List<MergeTable> tables, boolean circle) {
  WriteUnit {
    tables = List.copyOf(tables);
  }

  /**
   * The units of one transaction, parents first. Where rows are removed, or where what others refer
   * to changes, all tables that hang together are one unit: a removed row may have the unique value
   * that an added one needs, and may be referred to by one that is changed.
   */
  static List<WriteUnit> together(List<MergeTable> tables, List<ForeignKey> keys) {
    Set<Long> hanging =
        WriteOrder.connected(oids(tables), references(keys)).stream()
            .filter(group -> tables.stream().anyMatch(table -> entangled(table, group, keys)))
            .flatMap(List::stream)
            .collect(Collectors.toSet());
    List<WriteOrder.Reference> references = new ArrayList<>(references(keys));
    for (WriteOrder.Reference reference : references(keys)) {
      if (hanging.contains(reference.child()) && hanging.contains(reference.parent())) {
        references.add(reference.reversed());
      }
    }
    return of(tables, keys, references);
  }

  /** The units of a merge in several transactions, parents first. */
  static List<WriteUnit> apart(List<MergeTable> tables, List<ForeignKey> keys) {
    return of(tables, keys, references(keys));
  }

  private static List<WriteUnit> of(
      List<MergeTable> tables, List<ForeignKey> keys, List<WriteOrder.Reference> references) {
    Map<Long, MergeTable> byOid = new HashMap<>();
    tables.forEach(table -> byOid.put(table.oid(), table));
    Set<Long> toThemselves =
        keys.stream()
            .filter(key -> key.childOid() == key.parentOid())
            .map(ForeignKey::childOid)
            .collect(Collectors.toSet());
    return WriteOrder.of(oids(tables), references).stream()
        .map(
            group ->
                new WriteUnit(
                    group.stream()
                        .flatMap(oid -> java.util.stream.Stream.ofNullable(byOid.get(oid)))
                        .toList(),
                    group.size() > 1 || toThemselves.containsAll(group)))
        .toList();
  }

  private static boolean entangled(MergeTable table, List<Long> group, List<ForeignKey> keys) {
    if (!group.contains(table.oid())) {
      return false;
    }
    return table.rows(Decision.REMOVE) > 0
        || (table.rows(Decision.CHANGE) > 0
            && keys.stream()
                .anyMatch(
                    key ->
                        key.parentOid() == table.oid()
                            && !table.pair().key().containsAll(key.parentColumns())));
  }

  private static List<Long> oids(Collection<MergeTable> tables) {
    return tables.stream().map(MergeTable::oid).toList();
  }

  private static List<WriteOrder.Reference> references(List<ForeignKey> keys) {
    return keys.stream()
        .map(key -> new WriteOrder.Reference(key.childOid(), key.parentOid()))
        .toList();
  }

  long rows() {
    return tables.stream()
        .mapToLong(
            table ->
                table.rows(Decision.ADD)
                    + table.rows(Decision.CHANGE)
                    + table.rows(Decision.REMOVE))
        .sum();
  }

  /** Its tables in words. */
  String names() {
    return tables.stream().map(table -> table.name().plain()).collect(Collectors.joining(", "));
  }
}
