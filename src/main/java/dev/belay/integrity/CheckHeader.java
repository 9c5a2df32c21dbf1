package dev.belay.integrity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The comments that a check's file begins with: the complaint, then lines {@code -- name: value}.
 *
 * @param onlyWhere SQL that says of {@code c}, a row of pg_class, whether there is anything to
 *     check
 * @param faults what is wrong with them, in words
 */
record CheckHeader(
    String complaint,
    Severity severity,
    Optional<String> owner,
    Optional<String> hint,
    Reach reach,
    boolean errorIsFinding,
    Optional<String> onlyWhere,
    List<String> faults) {

  static CheckHeader of(String text) {
    List<String> faults = new ArrayList<>();
    List<String> comments =
        text.lines()
            .map(String::strip)
            .dropWhile(String::isEmpty)
            .takeWhile(line -> line.startsWith("--"))
            .map(line -> line.substring(2).strip())
            .toList();
    String complaint = comments.isEmpty() ? "" : comments.get(0);
    if (complaint.isEmpty()) {
      faults.add(
          "it does not begin with a comment that says what is wrong when it finds something");
    }
    Severity severity = Severity.ERROR;
    Optional<String> owner = Optional.empty();
    Optional<String> hint = Optional.empty();
    Reach reach = Reach.WHOLE;
    boolean errorIsFinding = false;
    Optional<String> onlyWhere = Optional.empty();
    // A blank comment ends what is meant for Belay; behind it is prose.
    for (String line : comments.stream().skip(1).takeWhile(each -> !each.isEmpty()).toList()) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      switch (name) {
        case "severity" -> {
          Optional<Severity> known = severity(value);
          severity = known.orElse(severity);
          if (known.isEmpty()) {
            faults.add("its severity is '" + value + "', and there are error and warning");
          }
        }
        case "owner" -> owner = Optional.of(value);
        case "hint" -> hint = Optional.of(value);
        case "by" -> {
          Optional<Reach> known = reach(value);
          reach = known.orElse(reach);
          if (known.isEmpty()) {
            faults.add("it is to run by '" + value + "', and there are pages and views");
          }
        }
        case "only-where" -> onlyWhere = Optional.of(value);
        case "an-error-is" -> errorIsFinding = value.equals("a finding");
        default -> {
          // Prose.
        }
      }
    }
    return new CheckHeader(
        complaint, severity, owner, hint, reach, errorIsFinding, onlyWhere, faults);
  }

  private static Optional<Severity> severity(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "error" -> Optional.of(Severity.ERROR);
      case "warning" -> Optional.of(Severity.WARNING);
      default -> Optional.empty();
    };
  }

  private static Optional<Reach> reach(String word) {
    return switch (word.toLowerCase(Locale.ROOT)) {
      case "pages" -> Optional.of(Reach.PAGES);
      case "views" -> Optional.of(Reach.VIEWS);
      default -> Optional.empty();
    };
  }
}
