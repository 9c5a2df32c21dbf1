package dev.belay.diff;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Moves sequences beyond the values that merged rows have, so that nobody is given one of them
 * again. Never sets one back.
 */
final class SequenceAdvance {
  private SequenceAdvance() {}

  private static final class Need {
    private final FedSequence sequence;
    private OptionalLong value = OptionalLong.empty();

    Need(FedSequence sequence) {
      this.sequence = sequence;
    }

    void add(long more) {
      long before = value.orElse(more);
      value =
          OptionalLong.of(
              sequence.increment() < 0 ? Math.min(before, more) : Math.max(before, more));
    }
  }

  /** What was done, in words; a sequence that is far enough is not named. */
  static List<String> now(Database session, List<MergeTable> tables) {
    Map<Long, MergeTable> written = new HashMap<>();
    tables.stream()
        .filter(table -> table.rows(Decision.ADD) + table.rows(Decision.CHANGE) > 0)
        .forEach(table -> written.put(table.oid(), table));
    if (written.isEmpty()) {
      return List.of();
    }
    List<String> done = new ArrayList<>();
    Map<TableName, Need> needs = new LinkedHashMap<>();
    for (FedSequence sequence : FedSequenceQueries.of(session, written.keySet())) {
      MergeTable table = written.get(sequence.table());
      if (table == null || !table.pair().columns().contains(sequence.column())) {
        continue;
      }
      if (!sequence.numeric()) {
        done.add(
            "sequence %s was not moved: what column %s of %s takes from it is not known"
                .formatted(sequence.name().plain(), sequence.column(), table.name().plain()));
        continue;
      }
      Need need = needs.computeIfAbsent(sequence.name(), name -> new Need(sequence));
      for (Decision decision : List.of(Decision.ADD, Decision.CHANGE)) {
        if (table.rows(decision) > 0) {
          FedSequenceQueries.needed(session, sequence, table, decision).ifPresent(need::add);
        }
      }
    }
    needs.values().forEach(need -> move(session, need, done));
    return done;
  }

  private static void move(Database session, Need need, List<String> done) {
    FedSequence sequence = need.sequence;
    if (need.value.isEmpty()) {
      return;
    }
    long needed = need.value.getAsLong();
    FedSequence.Place before = FedSequenceQueries.place(session, sequence.name());
    if (!sequence.behind(before, needed)) {
      return;
    }
    String name = sequence.name().plain();
    if (sequence.cycles()) {
      done.add(
          "sequence %s stays at %d, since it begins again at its end; rows have values up to %d"
              .formatted(name, before.last(), needed));
      return;
    }
    OptionalLong steps = sequence.steps(before, needed);
    if (steps.isPresent()) {
      FedSequenceQueries.take(session, sequence.name(), steps.getAsLong());
    } else {
      FedSequenceQueries.set(session, sequence.name(), needed);
    }
    done.add(
        "sequence %s moved from %d to %d"
            .formatted(
                name, before.last(), FedSequenceQueries.place(session, sequence.name()).last()));
    if (sequence.cached() > 1) {
      done.add(
          "sessions may still hold up to %d values of sequence %s that they took before"
              .formatted(sequence.cached(), name));
    }
  }
}
