package dev.belay.diff;

import dev.belay.core.Cleanup;
import dev.belay.postgres.Database;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets rows pass that differ by more than is tolerated. */
final class Tolerating implements DifferenceSink, AutoCloseable {
  private static final int NANOS = 9;

  private final @Nullable Tolerance tolerance;
  private final Pair pair;
  private final List<Database> sessions;
  private final DifferenceSink next;
  private final Cleanup.@Nullable Pending stop;

  private Tolerating(
      @Nullable Tolerance tolerance, Pair pair, List<Database> sessions, DifferenceSink next) {
    this.tolerance = tolerance;
    this.pair = pair;
    this.sessions = sessions;
    this.next = next;
    this.stop =
        sessions.isEmpty() ? null : Cleanup.register(() -> sessions.forEach(Database::cancel));
  }

  /** One that lets everything pass where nothing is tolerated, or no column could tolerate it. */
  static Tolerating of(
      Optional<Tolerance> tolerance, Pair pair, Side source, Side target, DifferenceSink next) {
    boolean useful =
        !pair.key().isEmpty()
            && pair.columns().stream().anyMatch(name -> LooseColumn.of(pair, name).isPresent());
    if (tolerance.isEmpty() || !useful) {
      return new Tolerating(null, pair, List.of(), next);
    }
    Database first = source.workers().get();
    try {
      return new Tolerating(tolerance.get(), pair, List.of(first, target.workers().get()), next);
    } catch (Throwable broken) {
      first.close();
      throw broken;
    }
  }

  @Override
  public void accept(List<Difference> differences) {
    List<Difference> passed = tolerance == null ? differences : beyond(tolerance, differences);
    if (!passed.isEmpty()) {
      next.accept(passed);
    }
  }

  private List<Difference> beyond(Tolerance limit, List<Difference> differences) {
    List<Difference> changed =
        differences.stream()
            .filter(difference -> difference.kind() == Difference.Kind.CHANGED)
            .toList();
    Map<RowPlace, LooseRow> left = read(0, pair.source(), changed, Difference::source);
    Map<RowPlace, LooseRow> right = read(1, pair.target(), changed, Difference::target);
    List<Difference> beyond = new ArrayList<>();
    for (Difference difference : differences) {
      boolean alike =
          difference.kind() == Difference.Kind.CHANGED
              && alike(
                  limit,
                  Objects.requireNonNull(left.get(Objects.requireNonNull(difference.source()))),
                  Objects.requireNonNull(right.get(Objects.requireNonNull(difference.target()))));
      if (!alike) {
        beyond.add(difference);
      }
    }
    return beyond;
  }

  private Map<RowPlace, LooseRow> read(
      int side,
      Relation relation,
      List<Difference> changed,
      java.util.function.Function<Difference, @Nullable RowPlace> place) {
    List<RowPlace> places = new ArrayList<>();
    changed.forEach(difference -> places.add(Objects.requireNonNull(place.apply(difference))));
    return sessions
        .get(side)
        .lockingBriefly(() -> LooseRowQueries.read(sessions.get(side), pair, relation, places));
  }

  private static boolean alike(Tolerance limit, LooseRow one, LooseRow other) {
    if (one.rest() != other.rest()) {
      return false;
    }
    for (int column = 0; column < one.moments().size(); column++) {
      if (!sameMoment(limit.moment(), one.moments().get(column), other.moments().get(column))) {
        return false;
      }
    }
    for (int column = 0; column < one.numbers().size(); column++) {
      if (!sameNumber(limit.relative(), one.numbers().get(column), other.numbers().get(column))) {
        return false;
      }
    }
    return true;
  }

  /** Null is like null only; NaN and the infinities are like themselves only. */
  static boolean sameNumber(double relative, @Nullable Double one, @Nullable Double other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    if (one.isNaN() || other.isNaN() || one.isInfinite() || other.isInfinite()) {
      return one.equals(other);
    }
    double greater = Math.max(Math.abs(one), Math.abs(other));
    return Math.abs(one - other) <= relative * greater;
  }

  /** Seconds since 1970, or the name of an infinity. */
  static boolean sameMoment(Duration limit, @Nullable String one, @Nullable String other) {
    if (one == null || other == null || one.equals(other)) {
      return Objects.equals(one, other);
    }
    if (one.contains("Infinity") || other.contains("Infinity")) {
      return false;
    }
    BigDecimal apart = new BigDecimal(one).subtract(new BigDecimal(other)).abs();
    return apart.compareTo(
            BigDecimal.valueOf(limit.getSeconds()).add(BigDecimal.valueOf(limit.getNano(), NANOS)))
        <= 0;
  }

  @Override
  public void close() {
    if (stop != null) {
      stop.cancel();
    }
    sessions.forEach(Database::close);
  }
}
