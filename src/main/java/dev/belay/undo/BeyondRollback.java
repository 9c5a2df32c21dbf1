package dev.belay.undo;

import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.undo.SequenceQueries.Position;
import dev.belay.undo.SequenceQueries.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What stands beside tables when scripts run: sequences, which no rollback sets back, and large
 * objects.
 */
public final class BeyondRollback {
  private final List<Sequence> sequences;
  private final Map<Long, Position> positions;
  private final long largeObjects;

  private BeyondRollback(
      List<Sequence> sequences, Map<Long, Position> positions, long largeObjects) {
    this.sequences = List.copyOf(sequences);
    this.positions = Map.copyOf(positions);
    this.largeObjects = largeObjects;
  }

  /** Whether there is nothing that could have to be set back. */
  public boolean isWithoutSequences() {
    return sequences.isEmpty();
  }

  /** Reads, outside of any transaction, so that no sequence stays locked. */
  public static BeyondRollback read(Database session) {
    List<Sequence> sequences = SequenceQueries.sequences(session);
    return new BeyondRollback(
        sequences,
        SequenceQueries.positions(session, sequences),
        SequenceQueries.largeObjects(session));
  }

  /**
   * Sets sequences back that are behind where they were; to be called after a rollback.
   *
   * @throws Failure INCOMPLETE when one cannot be set back
   */
  public void putBack(Database session) {
    if (isWithoutSequences()) {
      return;
    }
    List<Sequence> behind = List.of();
    try {
      behind = behind(session);
      for (Sequence each : behind) {
        SequenceQueries.putBack(session, each, was(each));
      }
    } catch (Failure broken) {
      throw Failure.incomplete(
              "everything was rolled back but sequences, which could not be set back: "
                  + broken.message(),
              behind.isEmpty()
                  ? "sequences may be lower than before"
                  : "lower than before: "
                      + String.join(
                          ", ", behind.stream().map(each -> each.name().plain()).toList()),
              behind.isEmpty()
                  ? "look at the sequences that the scripts set"
                  : ShellWords.psql(
                      "select setval('%s', %d)"
                          .formatted(
                              behind.get(0).name().toString().replace("'", "''"),
                              was(behind.get(0)).value())))
          .causedBy(broken);
    }
  }

  private Position was(Sequence sequence) {
    return Objects.requireNonNull(positions.get(sequence.number()), "it was read before");
  }

  private List<Sequence> behind(Database session) {
    List<Sequence> now =
        SequenceQueries.sequences(session).stream()
            .filter(each -> positions.containsKey(each.number()))
            .toList();
    Map<Long, Position> at = SequenceQueries.positions(session, now);
    return now.stream()
        .filter(
            each -> {
              Position position = at.get(each.number());
              return position != null && position.isBehind(was(each), each.ascending());
            })
        .toList();
  }

  /** What is not there any more, or lower than it was, in words. */
  public List<String> lost(Database session) {
    List<String> lost = new ArrayList<>();
    List<Long> left = SequenceQueries.sequences(session).stream().map(Sequence::number).toList();
    sequences.stream()
        .filter(each -> !each.owned() && !left.contains(each.number()))
        .forEach(
            each ->
                lost.add(
                    "the sequence %s is gone, which was at %d"
                        .formatted(each.name().plain(), was(each).value())));
    for (Sequence each : behind(session)) {
      lost.add(
          "the sequence %s is lower than before, where it was at %d: it may give out numbers again"
              .formatted(each.name().plain(), was(each).value()));
    }
    long fewer = largeObjects - SequenceQueries.largeObjects(session);
    if (fewer > 0) {
      lost.add(
          Units.count(fewer, "large object", "large objects")
              + " less than before, which are in no export");
    }
    return lost;
  }
}
