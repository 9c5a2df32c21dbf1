package dev.belay.emergency;

import dev.belay.core.Failure;
import dev.belay.emergency.FixQueries.FedColumn;
import dev.belay.emergency.FixQueries.FedSequence;
import dev.belay.emergency.FixQueries.Place;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A sequence that will give values which its columns have already: moved on, and never back. */
record SequenceFix(FedSequence sequence, long needed, Place found) implements Fix {
  static final String KIND = "sequence-behind";

  /** What was found; a column that cannot be asked in time hides no other sequence. */
  static void find(Database session, List<Fix> fixes, List<FixResult> left) {
    for (FedSequence sequence : FixQueries.sequences(session)) {
      try {
        OptionalLong needed = needed(session, sequence);
        Place place = FixQueries.place(session, sequence);
        if (needed.isPresent() && sequence.isBehind(place, needed.getAsLong())) {
          fixes.add(new SequenceFix(sequence, needed.getAsLong(), place));
        }
      } catch (Failure failure) {
        left.add(
            FixResult.left(
                KIND,
                sequence.name().plain(),
                "it could not be looked at: " + failure.message(),
                "belay verify-integrity --check sequence-behind"));
      }
    }
  }

  private static OptionalLong needed(Database session, FedSequence sequence) {
    List<Long> values = new ArrayList<>();
    for (FedColumn column : sequence.columns()) {
      FixQueries.furthest(session, sequence, column).ifPresent(values::add);
    }
    return sequence.increment() > 0
        ? values.stream().mapToLong(Long::longValue).max()
        : values.stream().mapToLong(Long::longValue).min();
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String subject() {
    return sequence.name().plain();
  }

  @Override
  public String plan() {
    FedColumn column = sequence.columns().get(0);
    return "move the sequence %s from %d to %d, the furthest value of %s.%s; never back"
        .formatted(subject(), found.last(), needed, column.table().plain(), column.column());
  }

  /**
   * The sequence is locked first, so that nobody is given a value between the look and the move.
   */
  @Override
  public FixResult apply(FixGround ground) {
    Database session = ground.session();
    return ground.transaction(
        "moving the sequence " + subject(),
        () -> {
          if (!FixQueries.isThere(session, sequence)) {
            return FixResult.left(KIND, subject(), "it is not there any more", null);
          }
          FixQueries.lock(session, sequence);
          OptionalLong now = needed(session, sequence);
          Place place = FixQueries.place(session, sequence);
          if (now.isEmpty() || !sequence.isBehind(place, now.getAsLong())) {
            return FixResult.left(KIND, subject(), "it is not behind any more", null);
          }
          FixQueries.move(session, sequence, now.getAsLong());
          return FixResult.fixed(
              KIND, subject(), "moved from %d to %d".formatted(place.last(), now.getAsLong()));
        });
  }
}
