package dev.belay.verify;

import dev.belay.core.Failure;
import dev.belay.integrity.Check;
import dev.belay.integrity.Checks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which checks are run.
 *
 * @param counts whether the rows of each table are counted
 * @param builtIn those that come with Belay
 * @param comparison whether the data is compared with a backup
 * @param rules those of the user's
 */
record Selection(boolean counts, List<Check> builtIn, boolean comparison, List<Check> rules) {
  static final String COUNTS = "table-counts";
  static final String COMPARISON = "data-comparison";

  /**
   * What a request comes to.
   *
   * @throws Failure USAGE for an id that there is not, and for two checks with one id
   */
  static Selection of(IntegrityRequest request) {
    List<Check> rules = new ArrayList<>();
    for (Path place : request.rules()) {
      rules.addAll(Checks.rules(place));
    }
    List<Check> builtIn = Checks.builtIn();
    List<String> ids = ids(builtIn, rules);
    request.only().forEach(id -> known(ids, id));
    request.skipped().forEach(id -> known(ids, id));
    Selection selection =
        new Selection(
            wanted(request, COUNTS),
            builtIn.stream().filter(check -> wanted(request, check.id())).toList(),
            request.compares() && wanted(request, COMPARISON),
            rules.stream().filter(check -> wanted(request, check.id())).toList());
    if (request.only().contains(COMPARISON) && !request.compares()) {
      throw Failure.usage(
          "the check data-comparison needs something to compare with",
          "belay verify-integrity --backup latest --check data-comparison");
    }
    if (selection.isEmpty()) {
      throw Failure.usage(
          "no check is left to run", "see which there are: belay verify-integrity --list-checks");
    }
    return selection;
  }

  private boolean isEmpty() {
    return !counts && builtIn.isEmpty() && !comparison && rules.isEmpty();
  }

  private static boolean wanted(IntegrityRequest request, String id) {
    return (request.only().isEmpty() || request.only().contains(id))
        && !request.skipped().contains(id);
  }

  /** Every id once: what a file's name says must be sure in a pipeline. */
  private static List<String> ids(List<Check> builtIn, List<Check> rules) {
    Map<String, String> sources = new HashMap<>();
    sources.put(COUNTS, "built in");
    sources.put(COMPARISON, "built in");
    builtIn.forEach(check -> sources.put(check.id(), check.source()));
    for (Check rule : rules) {
      String other = sources.putIfAbsent(rule.id(), rule.source());
      if (other != null) {
        throw Failure.usage(
            "two checks have the id '%s': %s and %s".formatted(rule.id(), other, rule.source()),
            "give the file %s another name".formatted(rule.source()));
      }
    }
    return sources.keySet().stream().sorted().toList();
  }

  private static void known(List<String> ids, String id) {
    if (!ids.contains(id)) {
      throw Failure.usage(
          "there is no check '" + id + "'",
          "see which there are: belay verify-integrity --list-checks");
    }
  }
}
