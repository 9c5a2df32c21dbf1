package dev.belay.diff;

import dev.belay.core.Refusals;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A plan and what it takes to carry it out.
 *
 * @param tables those with something to write
 * @param keys foreign keys from and to them
 */
record Planned(MergePlan plan, List<MergeTable> tables, List<ForeignKey> keys, Triggers triggers) {

  /**
   * Plans.
   *
   * @throws dev.belay.core.Failure REFUSED when it cannot be done as it is wanted
   */
  static Planned of(Database session, List<MergeTable> all, MergeOptions options) {
    List<MergeTable> written = touched(all);
    List<Long> oids = written.stream().map(MergeTable::oid).toList();
    List<ForeignKey> keys = oids.isEmpty() ? List.of() : ForeignKeyQueries.of(session, oids);
    // Tables without a key ask no ancestor, and what they refer to may have asked it.
    if (options.policy() == Policy.THREE_WAY
        || (options.policy() != Policy.EXACT && all.stream().anyMatch(MergeTable::withAncestor))
        || all.stream().anyMatch(table -> table.watched() && table.collides())) {
      new Stranded(session, written, all, keys, options.samples()).find();
    }
    List<MergeTable> touched = touched(written);
    List<Cascade> cascades = Cascades.of(session, touched, keys);
    Triggers triggers = Triggers.of(session, written(touched, cascades, keys), options.triggers());
    Refusals refusals = new Refusals();
    triggers.refuse(session, refusals);
    List<String> notes = new ArrayList<>(triggers.notes());
    if (options.batchRows().isPresent()) {
      inBatches(touched, keys, cascades, refusals, notes);
      fixed(session, touched, refusals);
    }
    refusals.refuse();
    MergePlan plan =
        new MergePlan(
            options.policy(),
            all.stream()
                .filter(table -> !table.watched())
                .map(MergeTable::summary)
                .sorted(Comparator.comparing(TableMerge::table))
                .toList(),
            cascades,
            notes);
    return new Planned(plan, touched, keys, triggers);
  }

  private static List<MergeTable> touched(List<MergeTable> tables) {
    return tables.stream()
        .filter(MergeTable::touched)
        .sorted(Comparator.comparing(MergeTable::name))
        .toList();
  }

  private static Set<Long> written(
      List<MergeTable> touched, List<Cascade> cascades, List<ForeignKey> keys) {
    Set<Long> written = new TreeSet<>();
    touched.forEach(table -> written.add(table.oid()));
    for (Cascade cascade : cascades) {
      keys.stream()
          .filter(key -> key.child().equals(cascade.table()))
          .forEach(key -> written.add(key.childOid()));
    }
    return written;
  }

  private static void inBatches(
      List<MergeTable> touched,
      List<ForeignKey> keys,
      List<Cascade> cascades,
      Refusals refusals,
      List<String> notes) {
    if (!cascades.isEmpty()) {
      refusals.add(
          "rows hang on others that are removed or changed, which needs one transaction: "
              + String.join("; ", cascades.stream().map(Cascade::text).toList()),
          "merge in one transaction: without --batch-size");
    }
    WriteUnit.apart(touched, keys).stream()
        .filter(WriteUnit::circle)
        .forEach(
            unit ->
                notes.add(
                    "%s: rows refer to each other in a circle, so they are one batch: %d"
                        .formatted(unit.names(), unit.rows())));
  }

  /** Such rows are removed and added within one statement, which batches do not. */
  private static void fixed(Database session, List<MergeTable> touched, Refusals refusals) {
    touched.stream()
        .filter(table -> table.rows(Decision.CHANGE) > 0)
        .filter(table -> table.updatable().isEmpty() || WriteQueries.fixedDiffers(session, table))
        .forEach(
            table ->
                refusals.add(
                    "identity columns of %s differ that take no update, which needs one transaction"
                        .formatted(table.name().plain()),
                    "merge in one transaction: without --batch-size"));
  }
}
