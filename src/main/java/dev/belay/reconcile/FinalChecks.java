package dev.belay.reconcile;

import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.integrity.CheckResult;
import dev.belay.integrity.CheckScope;
import dev.belay.integrity.Checking;
import dev.belay.integrity.Checks;
import dev.belay.integrity.Finding;
import dev.belay.integrity.Pace;
import dev.belay.integrity.Unchecked;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;

/** Looks at the end whether the data of the target keeps the promises that a merge could break. */
final class FinalChecks {
  private static final int SHOWN = 10;

  private static final Set<String> WANTED =
      Set.of(
          "foreign-key-orphan",
          "duplicate-key",
          "not-null-violated",
          "check-violated",
          "partition-row-outside",
          "sequence-behind");

  private FinalChecks() {}

  /** The answers, one for each check. */
  static List<Checked> of(GuardedRun run, int jobs, Predicate<TableName> wanted) {
    Checking checking =
        new Checking(
            () -> run.databases().open(run.target()),
            Pace.fast(jobs),
            run.settings().lockTimeout(),
            SHOWN,
            run.progress());
    try (Database session = run.databases().open(run.target())) {
      checking.lookingAt(session, new CheckScope(wanted, finding -> true, false));
    }
    return checking
        .run(Checks.builtIn().stream().filter(check -> WANTED.contains(check.id())).toList())
        .stream()
        .map(FinalChecks::checked)
        .toList();
  }

  /** What could not be checked is a problem like another: nobody knows whether all is well. */
  private static Checked checked(CheckResult result) {
    List<String> shown = new ArrayList<>();
    result.findings().stream().limit(SHOWN).map(FinalChecks::words).forEach(shown::add);
    result.unchecked().stream().limit(SHOWN).map(FinalChecks::words).forEach(shown::add);
    return new Checked(
        result.check().id(),
        result.check().complaint(),
        result.count() + result.uncheckedCount(),
        shown);
  }

  private static String words(Finding finding) {
    String place =
        String.join(" ", finding.place().values().stream().filter(Objects::nonNull).toList());
    return place
        + (finding.rows() > 0 ? ": " + Units.count(finding.rows(), "row", "rows") : "")
        + (finding.examples().isEmpty() ? "" : ", " + String.join("; ", finding.examples()));
  }

  private static String words(Unchecked unchecked) {
    return "not checked%s: %s"
        .formatted(unchecked.what().isEmpty() ? "" : ", " + unchecked.what(), unchecked.reason());
  }

  /** All of them in a few words. */
  static String words(List<Checked> checks) {
    long problems = checks.stream().mapToLong(Checked::problems).sum();
    return problems == 0
        ? Units.count(checks.size(), "check", "checks") + ", all well"
        : Units.count(problems, "problem", "problems");
  }
}
