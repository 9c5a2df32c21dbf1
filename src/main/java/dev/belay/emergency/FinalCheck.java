package dev.belay.emergency;

import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.integrity.CheckResult;
import dev.belay.integrity.CheckScope;
import dev.belay.integrity.Checking;
import dev.belay.integrity.Checks;
import dev.belay.integrity.Finding;
import dev.belay.integrity.Pace;
import dev.belay.integrity.Severity;
import dev.belay.postgres.Database;
import dev.belay.status.VerifyState;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at the end whether anything is wrong still: state, schema and data. */
final class FinalCheck {
  private static final int MOST = 10;

  /** From here on the check would be noticed by clients if it did not rest in between. */
  private static final long LARGE_BYTES = 1_000_000_000;

  /** The step fixes says more exactly what to do about these. */
  private static final Set<String> OF_FIXES =
      Set.of("failed-migrations", "invalid-indexes", "not-validated-constraints");

  private final GuardedRun run;
  private final EmergencySettings settings;
  private boolean whole = true;
  private boolean sound = true;

  FinalCheck(GuardedRun run, EmergencySettings settings) {
    this.run = run;
    this.settings = settings;
  }

  /**
   * Looks.
   *
   * @param state what verify-state says now
   * @param schema what the comparison of the schema says now
   */
  StepAnswer look(StepAnswer state, StepAnswer schema) {
    List<String> details = new ArrayList<>();
    Set<String> wrong = new LinkedHashSet<>();
    Map<String, List<String>> unknown = new LinkedHashMap<>();
    List<String> hints = new ArrayList<>();
    add("state", state, wrong, unknown, hints);
    add("schema", schema, wrong, unknown, hints);
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      StepAnswer data = data(session);
      add("data", data, wrong, unknown, hints);
      details.addAll(data.details());
      sound = data.status() != StepStatus.FOUND;
      if (data.status() == StepStatus.SKIPPED) {
        whole = false;
        details.add("not checked: data: " + data.summary());
      }
    } catch (Failure failure) {
      unknown.computeIfAbsent(failure.message(), none -> new ArrayList<>()).add("data");
      hints.add(failure.hint());
    }
    if (!wrong.isEmpty()) {
      unknown.forEach((why, what) -> details.add("not checked: " + words(what, why)));
      return StepAnswer.found(String.join("; ", wrong), details, hints.stream().findFirst());
    }
    if (!unknown.isEmpty()) {
      return StepAnswer.notDone(
          "not everything could be checked: "
              + unknown.entrySet().stream()
                  .map(each -> words(each.getValue(), each.getKey()))
                  .collect(Collectors.joining("; ")),
          details,
          hints.stream().findFirst().orElse("belay verify-state"));
    }
    return whole
        ? StepAnswer.done("nothing is wrong that could be seen", details)
        : new StepAnswer(
            StepStatus.DONE,
            "nothing is wrong that could be seen, but the data was not checked",
            details,
            Optional.of("belay verify-integrity"));
  }

  /** Whether nothing was left out since a limit says so. */
  boolean isWhole() {
    return whole;
  }

  /** Whether no check of the data failed. */
  boolean isDataSound() {
    return sound;
  }

  private static String words(List<String> what, String why) {
    return String.join(", ", what) + ": " + why;
  }

  private static void add(
      String what,
      StepAnswer answer,
      Set<String> wrong,
      Map<String, List<String>> unknown,
      List<String> hints) {
    if (answer.status() == StepStatus.FOUND) {
      wrong.add(what + ": " + answer.summary());
      answer.hint().ifPresent(hints::add);
    } else if (answer.status() == StepStatus.NOT_DONE) {
      unknown.computeIfAbsent(answer.summary(), none -> new ArrayList<>()).add(what);
      answer.hint().ifPresent(hints::add);
    }
  }

  private StepAnswer data(Database session) {
    long bytes =
        session.number("select pg_catalog.pg_database_size(pg_catalog.current_database())");
    if (bytes > settings.checkLimitBytes()) {
      return StepAnswer.skipped(
          "it is %s, and emergency.checkLimit is %s"
              .formatted(Units.bytes(bytes), Units.bytes(settings.checkLimitBytes())));
    }
    Checking checking =
        new Checking(
                () -> run.databases().open(run.target()),
                bytes > LARGE_BYTES ? Pace.forBusy() : Pace.fast(1),
                run.settings().lockTimeout(),
                MOST,
                run.progress())
            .lookingAt(session, CheckScope.WHOLE);
    List<String> details = new ArrayList<>();
    if (checking.isWithoutRelations()) {
      return StepAnswer.done("there is no table", details);
    }
    List<String> failed = new ArrayList<>();
    List<String> unchecked = new ArrayList<>();
    for (CheckResult result : checking.run(Checks.builtIn())) {
      boolean error = result.check().severity() == Severity.ERROR;
      if (result.findingCount() > 0) {
        if (error) {
          failed.add(result.check().id());
        }
        details.add(
            "%s%s: %s (%s)"
                .formatted(
                    error ? "" : "warning: ",
                    result.check().id(),
                    result.check().complaint(),
                    places(result)));
      }
      if (error && result.uncheckedCount() > 0) {
        unchecked.add(result.check().id());
        details.add(
            "%s could not be checked: %s"
                .formatted(result.check().id(), result.unchecked().get(0).reason()));
      }
    }
    if (!failed.isEmpty()) {
      return StepAnswer.found(
          "%s failed: %s"
              .formatted(Units.count(failed.size(), "check", "checks"), String.join(", ", failed)),
          details,
          Optional.of("belay verify-integrity --check " + failed.get(0)));
    }
    return unchecked.isEmpty()
        ? StepAnswer.done("every built-in check passed", details)
        : StepAnswer.notDone(
            "not checked: " + String.join(", ", unchecked), details, "belay verify-integrity");
  }

  private static String places(CheckResult result) {
    List<String> places = new ArrayList<>();
    for (Finding finding : result.findings().subList(0, Math.min(3, result.findings().size()))) {
      places.add(String.join(".", finding.place().values().stream().map(String::valueOf).toList()));
    }
    return String.join("; ", places)
        + (result.findingCount() > places.size()
            ? " and %d more".formatted(result.findingCount() - places.size())
            : "");
  }

  /** What verify-state says, as the answer of a step. */
  static StepAnswer state(GuardedRun run) {
    dev.belay.status.VerifyStateReport report =
        new VerifyState(run.databases()).run(run.settings());
    List<String> details = new ArrayList<>();
    List<String> hints = new ArrayList<>();
    for (dev.belay.status.CheckResult check : report.details()) {
      switch (check.status()) {
        case FAILED -> {
          details.add("%s: %s".formatted(check.name(), check.summary()));
          check.findings().forEach(finding -> details.add("  " + finding));
          report
              .unreachable()
              .filter(why -> !why.hint().equals(check.fix()))
              .flatMap(why -> Optional.ofNullable(check.fix()))
              .ifPresent(fix -> details.add("  fix: " + fix));
          Optional.ofNullable(check.fix())
              .filter(fix -> !OF_FIXES.contains(check.name()))
              .ifPresent(hints::add);
        }
        case WARNING -> details.add("warning: %s: %s".formatted(check.name(), check.summary()));
        case NOT_CHECKED -> {
          if (report.unreachable().isEmpty()) {
            details.add("not checked: %s: %s".formatted(check.name(), check.summary()));
          }
        }
        default -> {
          // What passed needs no line in an emergency.
        }
      }
    }
    String hint = hints.isEmpty() ? "see the step fixes" : hints.get(0);
    if (report.unreachable().isPresent()) {
      Failure why = report.unreachable().get();
      return StepAnswer.notDone(why.message(), details, why.hint());
    }
    if (report.checksFailed() > 0) {
      return StepAnswer.found(
          "%s failed".formatted(Units.count(report.checksFailed(), "check", "checks")),
          details,
          Optional.of(hint));
    }
    if (report.checksNotChecked() > 0) {
      return StepAnswer.notDone(
          "%s could not be carried out"
              .formatted(Units.count(report.checksNotChecked(), "check", "checks")),
          details,
          "belay verify-state");
    }
    return StepAnswer.done(
        "%s passed, %s"
            .formatted(
                Units.count(report.checksPassed(), "check", "checks"),
                Units.count(report.checksWarned(), "warning", "warnings")),
        details);
  }
}
