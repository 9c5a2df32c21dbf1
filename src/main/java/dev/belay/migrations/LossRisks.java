package dev.belay.migrations;

import dev.belay.scratch.LockMode;
import dev.belay.scratch.ObjectAddress;
import dev.belay.scratch.RecordedObject;
import dev.belay.scratch.SchemaShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of the live data is gone after a migration. */
final class LossRisks {
  private final StepFacts facts;
  private final Set<Long> dropped;
  private final List<Loss> losses = new ArrayList<>();

  private LossRisks(StepFacts facts) {
    this.facts = facts;
    this.dropped = facts.droppedRelations();
  }

  /** What is lost, in the order of its names. */
  static List<Loss> of(StepFacts facts) {
    return new LossRisks(facts).all();
  }

  private List<Loss> all() {
    for (RecordedObject object : facts.done().dropped()) {
      ObjectAddress address = object.address();
      if (address.isOfRelation() && address.part() == 0) {
        table(address.object());
      } else if (address.isOfRelation() && !dropped.contains(address.object())) {
        column(address);
      }
    }
    for (RecordedObject table : facts.done().emptied()) {
      emptied(table.address().object());
    }
    return losses;
  }

  private void table(long relation) {
    Optional<SchemaShape.Relation> before = facts.before().relation(relation);
    if (before.isEmpty() || !before.get().isTable() || isOfDropped(relation)) {
      return;
    }
    facts
        .live(relation)
        .ifPresent(
            live ->
                losses.add(
                    new Loss(Loss.Kind.table, live.name().plain(), facts.live().rows(live))));
  }

  private void column(ObjectAddress address) {
    long relation = address.object();
    Optional<SchemaShape.Relation> before = facts.before().relation(relation);
    Optional<String> name = facts.live().column(address);
    if (before.isEmpty()
        || !before.get().isTable()
        || before.get().isPartition()
        || name.isEmpty()) {
      return;
    }
    facts
        .live(relation)
        .ifPresent(
            live ->
                losses.add(
                    new Loss(
                        Loss.Kind.column,
                        live.name().plain() + "." + name.get(),
                        facts.live().values(live, name.get()))));
  }

  /** The partitions of a table that is emptied are emptied with it: it is said once. */
  private void emptied(long relation) {
    long root = facts.root(relation);
    boolean whole = facts.strongest(root).map(LockMode::stopsReads).orElse(false);
    facts
        .live(whole ? root : relation)
        .filter(live -> !dropped.contains(relation) && !isEmptied(live.name().plain()))
        .ifPresent(
            live ->
                losses.add(new Loss(Loss.Kind.rows, live.name().plain(), facts.live().rows(live))));
  }

  private boolean isEmptied(String name) {
    return losses.stream()
        .anyMatch(loss -> loss.kind() == Loss.Kind.rows && loss.of().equals(name));
  }

  /** Whether it is a partition of a table that is dropped too. */
  private boolean isOfDropped(long relation) {
    return facts
        .before()
        .relation(relation)
        .map(found -> dropped.contains(found.parent()))
        .orElse(false);
  }

  /** The risk that a loss is. */
  static Risk risk(Loss loss) {
    String what =
        switch (loss.kind()) {
          case table -> "drops table %s with %s".formatted(loss.of(), loss.words());
          case column -> "drops column %s with %s".formatted(loss.of(), loss.words());
          case rows -> "truncates %s with %s".formatted(loss.of(), loss.words());
        };
    RiskRule rule =
        loss.kind() == Loss.Kind.rows ? RiskRule.TABLE_EMPTIED : RiskRule.DATA_DESTROYED;
    return loss.amount().isNone() ? Risk.mild(rule, what) : Risk.of(rule, what);
  }
}
