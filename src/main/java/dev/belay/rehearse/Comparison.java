package dev.belay.rehearse;

import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.undo.SchemaReturn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Looks for what is not as it should be, and tells it to the migration of which it comes. */
final class Comparison {
  private final DataCopy copy;
  private final Losses losses;
  private final Supplier<DataState> first;
  private final Hidden hidden;

  /** What was told already, which no other migration is told. */
  private final Set<String> blamed = new HashSet<>();

  /**
   * @param first what there was in the copy before everything
   * @param hidden is left out
   */
  Comparison(RehearsalGround ground, Supplier<DataState> first, Hidden hidden) {
    this.copy = ground.copy();
    this.losses = new Losses(ground.databases(), ground.progress());
    this.first = first;
    this.hidden = hidden;
  }

  /** Notes what cannot be compared. */
  void noteCounted(List<Entry> entries) {
    if (first.get().largeObjects().count() > 0 && first.get().largeObjects().content().isEmpty()) {
      entries.forEach(
          entry ->
              entry.note(
                  "large objects were counted, and not compared: this role may not read pg_largeobject"));
    }
  }

  /**
   * What is not as it should be.
   *
   * @param tables of which the content is another
   */
  record Difference(DataState wanted, DataState now, List<TableName> tables) {}

  /** Looks whether everything is as it should be again; of the schema the entry is told. */
  Optional<Difference> compare(Entry entry, DataState wanted, DataState now) {
    SchemaReturn back =
        SchemaReturn.of(
            wanted.schema().only(key -> !hidden.covers(key)),
            now.schema().only(key -> !hidden.covers(key)));
    List<String> differences = new ArrayList<>(back.differences());
    differences.addAll(wanted.setBackIn(now));
    differences.removeIf(each -> !blamed.add(each));
    entry.differs(differences);
    back.notes().stream().filter(blamed::add).forEach(entry::note);
    List<TableName> tables =
        wanted.notIn(now).stream()
            .filter(table -> !hidden.covers(table))
            .filter(table -> blamed.add(rowsOf(table)))
            .toList();
    Optional<Lost> objects =
        wanted
            .largeObjectsLostIn(now)
            .filter(lost -> !hidden.coversLargeObjects() && blamed.add(lost.table()));
    objects.ifPresent(lost -> entry.loses(List.of(lost)));
    return differences.isEmpty() && tables.isEmpty() && objects.isEmpty()
        ? Optional.empty()
        : Optional.of(new Difference(wanted, now, tables));
  }

  /** Counts what is lost, by the copy that stayed as it was before everything. */
  void tell(Entry entry, Optional<Difference> difference) {
    difference.ifPresent(
        found ->
            entry.loses(
                losses.of(
                    copy.before(),
                    copy.target(),
                    found.wanted(),
                    found.now(),
                    found.tables(),
                    asAtFirst(found.wanted(), found.tables()))));
  }

  /**
   * Counts what is lost, by a copy in which everything is again as it should be.
   *
   * @param as that copy; empty: there is none
   * @param was the copy in which it is lost
   */
  void tell(Entry entry, Difference found, Optional<Target> as, Target was) {
    entry.loses(
        losses.of(
            as, was, found.wanted(), found.now(), found.tables(), Set.copyOf(found.tables())));
  }

  /** What an older undo lost may hide what this one loses there: it is told as the most. */
  void tellShared(
      Entry entry, DataState wanted, DataState undone, DataState before, DataState now) {
    List<TableName> tables =
        wanted.notIn(now).stream()
            .filter(table -> blamed.contains(rowsOf(table)))
            .filter(table -> !(wanted.hasSame(table, undone) && before.hasSame(table, now)))
            .toList();
    List<Lost> lost =
        new ArrayList<>(
            losses.of(
                copy.before(), copy.target(), wanted, now, tables, asAtFirst(wanted, tables)));
    boolean changed =
        !wanted.largeObjects().equals(undone.largeObjects())
            || !before.largeObjects().equals(now.largeObjects());
    wanted
        .largeObjectsLostIn(now)
        .filter(each -> changed && blamed.contains(each.table()))
        .ifPresent(lost::add);
    entry.loses(lost.stream().map(Lost::atMost).toList());
    if (!lost.isEmpty()) {
      entry.note("what is lost by the undo of an older one is counted here, too");
    }
  }

  /** What was told may be told again. */
  void forget() {
    blamed.clear();
  }

  private Set<TableName> asAtFirst(DataState wanted, List<TableName> tables) {
    return tables.stream()
        .filter(table -> wanted.hasSame(table, first.get()))
        .collect(Collectors.toSet());
  }

  private static String rowsOf(TableName table) {
    return "rows of " + table;
  }
}
