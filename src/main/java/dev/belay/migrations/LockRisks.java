package dev.belay.migrations;

import dev.belay.scratch.LockMode;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.RelationLock;
import dev.belay.scratch.RowsChanged;
import dev.belay.scratch.SchemaShape;
import dev.belay.undo.LiveTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What others cannot do while a migration holds its locks, by what the live tables are like. */
final class LockRisks {
  private final StepFacts facts;
  private final Set<Long> rewritten;
  private final Set<Long> emptied;
  private final Set<Long> dropped;
  private final List<Risk> risks = new ArrayList<>();

  private LockRisks(StepFacts facts) {
    this.facts = facts;
    this.rewritten = facts.roots(facts.done().rewritten());
    this.emptied = facts.roots(facts.done().emptied());
    this.dropped = facts.droppedRelations();
  }

  static List<Risk> of(StepFacts facts) {
    return new LockRisks(facts).all();
  }

  private List<Risk> all() {
    Map<Long, LockMode> locks = new HashMap<>();
    Set<Long> writes = new TreeSet<>();
    for (RelationLock lock : facts.done().locks()) {
      if (lock.relation().address().isOfRelation()) {
        long root = facts.root(lock.relation().address().object());
        locks.merge(root, lock.strongest(), (one, other) -> one.compareTo(other) > 0 ? one : other);
        if (lock.modes().contains(LockMode.ROW_EXCLUSIVE)) {
          writes.add(root);
        }
      }
    }
    Set<Long> relations = new TreeSet<>(locks.keySet());
    relations.addAll(rewritten);
    for (long relation : relations) {
      Optional<LiveTable> live = facts.live(relation);
      if (live.isPresent() && !dropped.contains(relation)) {
        LockMode mode = locks.getOrDefault(relation, LockMode.ACCESS_EXCLUSIVE);
        locked(relation, mode, live.get());
      }
    }
    rows(writes);
    return risks;
  }

  private void locked(long relation, LockMode mode, LiveTable live) {
    String lock = mode.word() + " on " + live.words();
    if (rewritten.contains(relation)) {
      String stops = mode.stopsReads() ? "nobody reads or writes" : "nobody writes";
      risks.add(
          Risk.bySize(
              RiskRule.TABLE_REWRITTEN,
              live,
              lock + " with a rewrite: " + stops + " it meanwhile"));
      return;
    }
    if (!mode.stopsWrites() || emptied.contains(relation)) {
      return;
    }
    String stops = mode.stopsReads() ? "nobody reads or writes it" : "nobody writes it";
    int before = risks.size();
    indexes(relation)
        .ifPresent(
            built ->
                risks.add(
                    Risk.bySize(
                        RiskRule.INDEX_BUILD,
                        live,
                        "%s while %s: %s meanwhile".formatted(lock, built, stops))));
    scans(relation)
        .ifPresent(
            scan ->
                risks.add(
                    Risk.bySize(
                        RiskRule.SCAN_UNDER_LOCK,
                        live,
                        "%s while every row is read for %s: %s meanwhile"
                            .formatted(lock, scan, stops))));
    if (risks.size() == before) {
      boolean reads = mode.stopsReads();
      risks.add(
          Risk.bySize(
              reads ? RiskRule.STOPS_READS : RiskRule.STOPS_WRITES,
              live,
              "%s until it commits: %s".formatted(lock, stops)));
    }
  }

  /** Indexes of the table, or of its partitions, that are there since. */
  private Optional<String> indexes(long relation) {
    Set<String> names = new TreeSet<>();
    boolean[] unique = new boolean[1];
    facts
        .after()
        .indexes()
        .forEach(
            (oid, index) -> {
              boolean isNew = !facts.before().indexes().containsKey(oid);
              if (isNew
                  && facts.root(index.table()) == relation
                  && !facts.isPartition(index.table())) {
                names.add(index.name().plain());
                unique[0] |= index.unique();
              }
            });
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            (unique[0] ? "the unique index " : "the index ")
                + String.join(", ", names)
                + " is built"
                + (unique[0] ? " (which fails where live rows are not unique)" : ""));
  }

  /** Constraints that were checked against all rows. */
  private Optional<String> scans(long relation) {
    Set<String> names = new TreeSet<>();
    facts
        .after()
        .constraints()
        .forEach(
            (oid, constraint) -> {
              SchemaShape.Constraint earlier = facts.before().constraints().get(oid);
              boolean checked = constraint.validated() && (earlier == null || !earlier.validated());
              boolean reads = constraint.kind().equals("c") || constraint.kind().equals("f");
              if (checked && reads && constraint.table() == relation) {
                names.add("the constraint " + constraint.name());
              }
            });
    facts
        .after()
        .columns()
        .forEach(
            (address, column) -> {
              SchemaShape.Column earlier = facts.before().columns().get(address);
              if (earlier != null
                  && address.object() == relation
                  && column.notNull()
                  && !earlier.notNull()
                  && !isChecked(address)) {
                names.add("NOT NULL of " + column.name());
              }
            });
    return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
  }

  /** A check that no row is without a value tells PostgreSQL so without reading them again. */
  private boolean isChecked(ObjectAddress column) {
    return facts.before().constraints().values().stream()
        .anyMatch(
            check ->
                check.table() == column.object()
                    && check.validated()
                    && check.notNull() == column.part());
  }

  /** What the replay shows of rows is only what migrations had put in. */
  private void rows(Set<Long> writes) {
    Map<Long, long[]> counts = new HashMap<>();
    for (RowsChanged rows : facts.done().rows()) {
      RecordedObject table = rows.relation();
      long[] sum =
          counts.computeIfAbsent(facts.root(table.address().object()), ignored -> new long[3]);
      sum[0] += rows.inserted();
      sum[1] += rows.updated();
      sum[2] += rows.deleted();
    }
    Set<Long> tables = new TreeSet<>(counts.keySet());
    tables.addAll(writes);
    for (long relation : tables) {
      Optional<LiveTable> live = facts.live(relation);
      if (live.isEmpty() || dropped.contains(relation) || live.get().rows().isNone()) {
        continue;
      }
      long[] sum = counts.getOrDefault(relation, new long[3]);
      String of = " rows of " + live.get().words();
      if (sum[2] > 0) {
        risks.add(
            Risk.of(
                RiskRule.ROWS_DELETED, live.get(), "deletes" + of + "; in the replay: " + sum[2]));
      }
      if (sum[1] > 0) {
        risks.add(
            Risk.of(
                RiskRule.ROWS_UPDATED, live.get(), "updates" + of + "; in the replay: " + sum[1]));
      }
      if (sum[1] + sum[2] == 0 && sum[0] > 0) {
        risks.add(
            Risk.mild(
                RiskRule.ROWS_WRITTEN,
                "inserts rows into " + live.get().words() + "; in the replay: " + sum[0]));
      } else if (sum[1] + sum[2] == 0) {
        risks.add(
            Risk.bySize(
                RiskRule.ROWS_WRITTEN,
                live.get(),
                "writes" + of + "; the replay has none that it would change"));
      }
    }
  }

  /** What was locked, for the answer: tables that were there before, the strongest lock first. */
  static List<LockedTable> tables(StepFacts facts) {
    Set<Long> rewritten = facts.roots(facts.done().rewritten());
    List<LockedTable> tables = new ArrayList<>();
    for (RelationLock lock : facts.done().locks()) {
      ObjectAddress address = lock.relation().address();
      Optional<SchemaShape.Relation> relation = facts.before().relation(address.object());
      if (relation.isEmpty() || !relation.get().holdsRows() || !address.isOfRelation()) {
        continue;
      }
      Optional<LiveTable> live = facts.live(address.object());
      tables.add(
          new LockedTable(
              live.map(LiveTable::name).orElse(relation.get().name()).plain(),
              lock.strongest().word(),
              LockedTable.stopped(lock.strongest()),
              rewritten.contains(address.object()),
              live.isPresent(),
              live.flatMap(LiveTable::bytes),
              live.map(LiveTable::rows)));
    }
    tables.sort(LockedTable.ORDER);
    return tables;
  }
}
