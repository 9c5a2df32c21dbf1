package dev.belay.emergency;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.emergency.FedSequence.Column;
import dev.belay.emergency.FedSequence.Place;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.process.ShellWords;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** A sequence that will give values which its columns have already: moved on, and never back. */
record SequenceFix(FedSequence sequence, long needed, Place found) implements Fix {
  static final String KIND = "sequence-behind";
  static final String EXHAUSTED = "sequence-exhausted";

  private static final String LOOK = "belay verify-integrity --check sequence-behind";

  /**
   * What was found; a column that cannot be asked in time hides no other sequence.
   *
   * @param own which tables are looked at
   */
  static void find(
      Database session, Predicate<TableName> own, List<Fix> fixes, List<FixResult> left) {
    for (FedSequence sequence : FixQueries.sequences(session)) {
      if (sequence.columns().stream().map(Column::table).noneMatch(own)) {
        continue;
      }
      try {
        find(session, sequence, fixes, left);
      } catch (Failure failure) {
        left.add(
            FixResult.left(
                KIND,
                sequence.name().plain(),
                "it could not be looked at: " + failure.message(),
                LOOK));
      }
    }
  }

  private static void find(
      Database session, FedSequence sequence, List<Fix> fixes, List<FixResult> left) {
    Place place = FixQueries.place(session, sequence);
    if (sequence.isExhausted(place)) {
      left.add(exhausted(sequence, place));
      return;
    }
    OptionalLong furthest = furthest(session, sequence);
    if (furthest.isPresent() && sequence.isBehind(place, furthest.getAsLong())) {
      SequenceFix fix = new SequenceFix(sequence, furthest.getAsLong(), place);
      fix.against(session).ifPresentOrElse(left::add, () -> fixes.add(fix));
    }
  }

  private static FixResult exhausted(FedSequence sequence, Place place) {
    Column column = sequence.columns().get(0);
    return FixResult.left(
        EXHAUSTED,
        sequence.name().plain(),
        "no value is left after %d, which it gave last; rows that take theirs from it are refused"
            .formatted(place.last()),
        "give %s.%s and the sequence a larger type in a migration, if it is none of bigint; see: %s"
            .formatted(
                column.table().plain(), column.name(), ShellWords.psql("\\d " + sequence.name())));
  }

  private static OptionalLong furthest(Database session, FedSequence sequence) {
    List<Long> values = new ArrayList<>();
    for (Column column : sequence.columns()) {
      FixQueries.furthest(session, sequence, column).ifPresent(values::add);
    }
    return sequence.increment() > 0
        ? values.stream().mapToLong(Long::longValue).max()
        : values.stream().mapToLong(Long::longValue).min();
  }

  /** Why it is not moved though it is behind. */
  private Optional<FixResult> against(Database session) {
    boolean taken =
        sequence.columns().stream()
            .anyMatch(column -> FixQueries.has(session, column, found.next()));
    if (sequence.mayMove(found, needed, taken)) {
      return Optional.empty();
    }
    return Optional.of(
        FixResult.left(
            KIND,
            subject(),
            "a row has %d, and moving it there from %d would leave it %s"
                .formatted(
                    needed,
                    found.last(),
                    Units.count(
                        sequence.left(needed).max(BigInteger.ZERO).longValue(), "value", "values")),
            "see whether that row is right; only then: " + setting()));
  }

  private String setting() {
    return ShellWords.psql(
        "select pg_catalog.setval(%s, %d)"
            .formatted(Identifier.literal(sequence.name().toString()), needed));
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
    Column column = sequence.columns().get(0);
    return "move the sequence %s from %d to %d, the furthest value of %s.%s; never back"
        .formatted(subject(), found.last(), needed, column.table().plain(), column.name());
  }

  /**
   * The sequence is locked, so that nobody is given a value between the look and the move. Whoever
   * wants one waits meanwhile: what takes longer than a lock may be waited for is not done.
   */
  @Override
  public FixResult apply(FixGround ground) {
    try {
      return ground.transaction("moving the sequence " + subject(), () -> moved(ground));
    } catch (Failure failure) {
      if (!SqlState.QUERY_CANCELED.isOf(failure)) {
        throw failure;
      }
      return FixResult.left(
          KIND,
          subject(),
          "to look through its columns takes longer than %s, and nobody could insert meanwhile"
              .formatted(Units.duration(ground.run().settings().lockTimeout())),
          "while nobody inserts: " + setting());
    }
  }

  private FixResult moved(FixGround ground) {
    Database session = ground.session();
    if (!FixQueries.sequences(session).contains(sequence)) {
      return FixResult.left(
          KIND, subject(), "it is gone, or was altered meanwhile", "belay emergency-recovery");
    }
    Duration longest = ground.run().settings().lockTimeout();
    // What takes too long is seen here, before anybody has to wait for it.
    FixQueries.limit(session, longest);
    furthest(session, sequence);
    // The wait for the lock has a limit of its own, which tells who is in the way.
    FixQueries.limit(session, Duration.ZERO);
    FixQueries.lock(session, sequence);
    FixQueries.limit(session, longest);
    Place place = FixQueries.place(session, sequence);
    if (sequence.isExhausted(place)) {
      return exhausted(sequence, place);
    }
    OptionalLong now = furthest(session, sequence);
    if (now.isEmpty() || !sequence.isBehind(place, now.getAsLong())) {
      return FixResult.left(KIND, subject(), "it is not behind any more", null);
    }
    Optional<FixResult> against =
        new SequenceFix(sequence, now.getAsLong(), place).against(session);
    if (against.isPresent()) {
      return against.get();
    }
    FixQueries.move(session, sequence, now.getAsLong());
    return FixResult.fixed(
        KIND, subject(), "moved from %d to %d".formatted(place.last(), now.getAsLong()));
  }
}
