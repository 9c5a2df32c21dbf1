package dev.belay.guard;

import dev.belay.core.Failure;
import dev.belay.integrity.Check;
import dev.belay.integrity.CheckResult;
import dev.belay.integrity.CheckScope;
import dev.belay.integrity.Checking;
import dev.belay.integrity.Checks;
import dev.belay.integrity.Finding;
import dev.belay.integrity.Pace;
import dev.belay.integrity.Severity;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What breaks a promise of the database as far as its catalogue tells; asked before and after a
 * command, it says what the command brought. No row of any table is read.
 */
final class Soundness {
  private static final int MOST = 50;
  private static final Set<String> CHEAP =
      Set.of(
          "foreign-key-trigger-disabled",
          "partition-detach-pending",
          "sequence-near-end",
          "constraint-not-validated",
          "constraint-index-missing",
          "index-invalid",
          "view-broken");

  private Soundness() {}

  /** What is not well, each as a line. */
  static Set<String> look(GuardedRun run, Database session) {
    List<Check> checks =
        Checks.builtIn().stream().filter(check -> CHEAP.contains(check.id())).toList();
    Set<String> found = new TreeSet<>();
    Checking checking =
        new Checking(
                () -> run.databases().open(run.target()),
                Pace.forBusy(),
                run.settings().lockTimeout(),
                MOST,
                run.progress())
            .lookingAt(session, CheckScope.WHOLE);
    if (checking.isWithoutRelations()) {
      return found;
    }
    for (CheckResult result : checking.run(checks)) {
      if (result.check().severity() == Severity.ERROR
          || result.check().id().equals("index-invalid")) {
        for (Finding finding : result.findings()) {
          found.add("%s: %s".formatted(result.check().id(), finding.place()));
        }
      }
    }
    return found;
  }

  /** What came since, each as a line; that it cannot be looked at is one too. */
  static List<String> since(GuardedRun run, Set<String> before) {
    try (Database session = run.databases().open(run.target())) {
      return look(run, session).stream().filter(each -> !before.contains(each)).toList();
    } catch (Failure unknown) {
      return List.of("it could not be looked at: " + unknown.message());
    }
  }
}
