package dev.belay.diff;

import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first differences of each kind and decision, for people. */
final class Samples {
  private record Shelf(Difference.Kind kind, Decision decision) {}

  private record Kept(Difference difference, Decision decision) {}

  private final int most;
  private final Map<Shelf, Integer> counts = new HashMap<>();
  private final List<Kept> kept = new ArrayList<>();

  Samples(int most) {
    this.most = most;
  }

  void offer(Difference difference, Decision decision) {
    Shelf shelf = new Shelf(difference.kind(), decision);
    int before = counts.getOrDefault(shelf, 0);
    if (before < most) {
      counts.put(shelf, before + 1);
      kept.add(new Kept(difference, decision));
    }
  }

  /** Reads the values of those that were kept; long ones are cut by the servers. */
  List<RowSample> read(Database session, MergeTable table, SourceRows source) {
    return kept.stream().map(each -> sample(session, table, source, each)).toList();
  }

  private static RowSample sample(
      Database session, MergeTable table, SourceRows source, Kept kept) {
    Difference difference = kept.difference();
    RowPlace there = difference.source();
    RowPlace here = difference.target();
    Optional<RowTexts> from =
        there == null ? Optional.empty() : Optional.of(source.texts(table, there));
    Optional<RowTexts> to =
        here == null
            ? Optional.empty()
            : Optional.of(SampleQueries.texts(session, table.pair().target(), table.pair(), here));
    return sample(table, difference.kind(), kept.decision(), difference.base(), from, to);
  }

  /** A row as a person sees it, from the values that the sides have. */
  static RowSample sample(
      MergeTable table,
      Difference.Kind kind,
      Decision decision,
      Difference.Base base,
      Optional<RowTexts> from,
      Optional<RowTexts> to) {
    RowTexts one = from.or(() -> to).orElseThrow();
    List<String> columns = table.pair().columns();
    List<String> keys = table.pair().key().isEmpty() ? columns : table.pair().key();
    Map<String, @Nullable String> key = new LinkedHashMap<>();
    keys.forEach(name -> key.put(name, one.texts().get(columns.indexOf(name))));
    List<RowSample.Cell> cells = new ArrayList<>();
    for (int at = 0; at < columns.size(); at++) {
      int index = at;
      if (from.isEmpty()
          || to.isEmpty()
          || !Objects.equals(from.get().hashes().get(at), to.get().hashes().get(at))) {
        cells.add(
            new RowSample.Cell(
                columns.get(at),
                from.map(texts -> texts.texts().get(index)).orElse(null),
                to.map(texts -> texts.texts().get(index)).orElse(null)));
      }
    }
    return new RowSample(kind, decision, base, key, cells);
  }
}
