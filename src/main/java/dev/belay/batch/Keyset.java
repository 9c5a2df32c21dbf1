package dev.belay.batch;

import java.util.List;
import java.util.stream.Collectors;

/** The comparison of a key with a bound that travels as parameters. */
final class Keyset {
  private Keyset() {}

  /**
   * A comparison of columns with parameters, one for each of them.
   *
   * @param columns quoted and qualified
   * @param operator such as {@code >}
   * @param types as SQL writes them; a bound is text and is read as one
   */
  static String compare(List<String> columns, String operator, List<String> types) {
    String parameters =
        types.stream().map(type -> "cast(? as " + type + ")").collect(Collectors.joining(", "));
    return columns.size() == 1
        ? columns.get(0) + " " + operator + " " + parameters
        : "(" + String.join(", ", columns) + ") " + operator + " (" + parameters + ")";
  }
}
