package dev.belay.diff;

import java.util.Optional;

/** What a column tolerates. */
enum LooseColumn {
  NUMBER,
  MOMENT;

  /** By the numbers of PostgreSQL's own types: float4, float8, timestamp, timestamptz. */
  static Optional<LooseColumn> of(Pair pair, String name) {
    if (pair.key().contains(name)) {
      return Optional.empty();
    }
    Optional<LooseColumn> source = of(pair.source().column(name).orElseThrow().typeNumber());
    Optional<LooseColumn> target = of(pair.target().column(name).orElseThrow().typeNumber());
    return source.equals(target) ? source : Optional.empty();
  }

  private static Optional<LooseColumn> of(long type) {
    return type == 700 || type == 701
        ? Optional.of(NUMBER)
        : type == 1114 || type == 1184 ? Optional.of(MOMENT) : Optional.empty();
  }
}
