package dev.belay.diff;

import dev.belay.core.Identifier;
import dev.belay.integrity.RowHash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The first columns of a key, as far as every server orders them alike, so that ranges of them mean
 * the same rows on both sides.
 *
 * @param columns their names
 * @param types their types, PostgreSQL's own
 */
record RangeKey(List<String> columns, List<String> types) {
  /** From here on rows lie so scattered that ranges would read a page for each. */
  private static final double ORDERLY = 0.9;

  /** Empty where there is none, or where a range of it would be read in a random order. */
  static Optional<RangeKey> of(Pair pair) {
    List<String> columns = new ArrayList<>();
    List<String> types = new ArrayList<>();
    // Ranges follow an index, whose order is that of the target's key.
    for (String name : pair.key()) {
      RelationColumn source = pair.source().column(name).orElseThrow();
      RelationColumn target = pair.target().column(name).orElseThrow();
      if (!source.ordered()
          || !target.ordered()
          || source.typeNumber() != target.typeNumber()
          || !pair.source().key().get(columns.size()).equals(name)) {
        break;
      }
      columns.add(name);
      types.add(bare(target.type()));
    }
    return columns.isEmpty() || !orderly(pair.source()) || !orderly(pair.target())
        ? Optional.empty()
        : Optional.of(new RangeKey(columns, types));
  }

  /** A key that nobody analyzed yet is taken for one that counts up when it is a number. */
  private static boolean orderly(Relation relation) {
    boolean unknown = relation.correlation() == 0 && relation.rows() < 0;
    String type = relation.column(relation.key().get(0)).orElseThrow().type();
    return unknown
        ? type.endsWith("int") || type.equals("integer")
        : relation.correlation() > ORDERLY;
  }

  /** Whether ranges of it mean the same rows of another relation, too. */
  boolean fits(Relation other) {
    return IntStream.range(0, columns.size())
        .allMatch(
            place ->
                other
                    .column(columns.get(place))
                    .filter(
                        column -> column.ordered() && bare(column.type()).equals(types.get(place)))
                    .isPresent());
  }

  private static String bare(String type) {
    int length = type.indexOf('(');
    if (length < 0) {
      return type;
    }
    return type.substring(0, length) + type.substring(type.indexOf(')') + 1);
  }

  /** Its columns as SQL, such as {@code (belay_row."id")}. */
  String row() {
    return columns.stream()
        .map(column -> RowHash.ALIAS + "." + new Identifier(column))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** The columns of an alias that are called after a letter, such as {@code (b.l1, b.l2)}. */
  String row(String alias, String letter) {
    return IntStream.rangeClosed(1, columns.size())
        .mapToObj(place -> alias + "." + letter + place)
        .collect(Collectors.joining(", ", "(", ")"));
  }
}
