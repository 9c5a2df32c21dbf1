package dev.belay.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.Json;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerifyStateReportTest {
  private static final CheckResult PASSED = CheckResult.passed("one", "fine");
  private static final CheckResult WARNING =
      CheckResult.warning("two", "odd", List.of("this"), "look at it");
  private static final CheckResult FAILED =
      CheckResult.failed("three", "bad", List.of("a", "b"), "mend it");
  private static final CheckResult NOT_CHECKED =
      CheckResult.notChecked("four", "no right", "grant it");

  @Test
  void aFindingWinsOverWhatCouldNotBeChecked() {
    assertThat(report(PASSED, WARNING, FAILED, NOT_CHECKED).exitCode())
        .isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void notCheckedIsNeverOk() {
    assertThat(report(PASSED, WARNING, NOT_CHECKED).exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(report(PASSED, WARNING).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(report(PASSED).overallStatus()).isEqualTo("passed");
  }

  @Test
  void noConnectionIsUnavailableWhateverElseIsFound() {
    Failure failure = Failure.unavailable("no server", "start it");
    VerifyStateReport report =
        new VerifyStateReport("d@h:1", List.of(FAILED), Optional.of(failure));

    assertThat(report.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(report.overallStatus()).isEqualTo("unreachable");
  }

  @Test
  void isOneLineForEachCheckAndTheFindingsBelow() {
    assertThat(report(PASSED, WARNING, FAILED, NOT_CHECKED).lines())
        .containsExactly(
            "State of d@h:1",
            "",
            "ok    one    fine",
            "WARN  two    odd",
            "        this",
            "      fix: look at it",
            "FAIL  three  bad",
            "        a",
            "        b",
            "      fix: mend it",
            "????  four   no right",
            "      fix: grant it",
            "",
            "1 passed, 1 with a warning, 1 failed, 1 not checked: failed");
  }

  @Test
  void isTheSameFactsAsJson() {
    assertThat(Json.pretty(report(PASSED, FAILED)))
        .isEqualTo(
            """
            {
              "database": "d@h:1",
              "overallStatus": "failed",
              "checksPassed": 1,
              "checksWarned": 0,
              "checksFailed": 1,
              "checksNotChecked": 0,
              "details": [
                {
                  "name": "one",
                  "status": "passed",
                  "summary": "fine",
                  "findingCount": 0,
                  "findings": [ ],
                  "fix": null
                },
                {
                  "name": "three",
                  "status": "failed",
                  "summary": "bad",
                  "findingCount": 2,
                  "findings": [
                    "a",
                    "b"
                  ],
                  "fix": "mend it"
                }
              ]
            }""");
  }

  @Test
  void showsTheFirstFindingsAndCountsAll() {
    List<String> many = IntStream.range(0, 25).mapToObj(each -> "finding " + each).toList();
    CheckResult result = CheckResult.failed("many", "x", many, "y");

    assertThat(result.findingCount()).isEqualTo(25);
    assertThat(result.findings()).hasSize(CheckResult.SHOWN);
    assertThat(result.lines(4)).contains("        … and 15 more");
  }

  private static VerifyStateReport report(CheckResult... results) {
    return new VerifyStateReport("d@h:1", List.of(results), Optional.empty());
  }
}
