package dev.belay.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.ExitCode;
import dev.belay.migrations.LinkedMigration.Reason;
import dev.belay.report.Json;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CheckDependenciesReportTest {
  private static final LinkedMigration NEEDED =
      new LinkedMigration(
          "V1__patients",
          "success",
          true,
          true,
          List.of(
              new Reason("references", "public.patients", true),
              new Reason("reads", "table public.patients", false)));
  private static final LinkedMigration FAR =
      new LinkedMigration("V0__schema", "success", true, false, List.of());

  private static CheckDependenciesReport report(
      Verdict verdict, List<LinkedMigration> dependents, boolean dot) {
    return new CheckDependenciesReport(
        "clinic@db1:5432",
        "default",
        "V2__visits",
        "success",
        true,
        List.of(FAR, NEEDED),
        dependents,
        verdict,
        "V2__visits can be undone alone: nothing that is applied needs it",
        List.of("a note"),
        dot);
  }

  @Test
  void aPersonSeesBothSidesTheReasonsAndTheVerdict() {
    assertThat(report(Verdict.CAN_GO_ALONE, List.of(), false).lines())
        .containsExactly(
            "V2__visits of app default in clinic@db1:5432: success",
            "",
            "needs",
            "  V0__schema (success)",
            "      through the others",
            "  V1__patients (success)",
            "      references: public.patients",
            "      perhaps reads: table public.patients",
            "is needed by nothing",
            "",
            "V2__visits can be undone alone: nothing that is applied needs it",
            "note: a note");
  }

  @Test
  void manyReasonsAreCut() {
    List<Reason> many =
        IntStream.range(0, 8).mapToObj(each -> new Reason("reads", "t" + each, true)).toList();
    LinkedMigration other = new LinkedMigration("V3__x", "success", true, true, many);
    assertThat(report(Verdict.NEEDS_OTHERS_GONE_FIRST, List.of(other), false).lines())
        .contains("      reads: t4", "      … and 3 more")
        .doesNotContain("      reads: t5");
  }

  @Test
  void theExitCodeIsTheVerdict() {
    assertThat(report(Verdict.CAN_GO_ALONE, List.of(), false).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(report(Verdict.CAN_BE_APPLIED, List.of(), false).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(report(Verdict.NEEDS_OTHERS_GONE_FIRST, List.of(), false).exitCode())
        .isEqualTo(ExitCode.FINDINGS);
    assertThat(report(Verdict.NEEDS_OTHERS_APPLIED_FIRST, List.of(), false).exitCode())
        .isEqualTo(ExitCode.FINDINGS);
    assertThat(report(Verdict.NOT_DECIDED, List.of(), false).exitCode())
        .isEqualTo(ExitCode.UNAVAILABLE);
  }

  @Test
  void jsonHasTheSame() {
    JsonNode json = Json.MAPPER.valueToTree(report(Verdict.CAN_GO_ALONE, List.of(), false));
    assertThat(json)
        .isEqualTo(
            Json.MAPPER.readTree(
                """
                {
                  "database": "clinic@db1:5432",
                  "app": "default",
                  "migration": "V2__visits",
                  "state": "success",
                  "applied": true,
                  "dependencies": [
                    {
                      "name": "V0__schema", "state": "success", "applied": true,
                      "direct": false, "reasons": []
                    },
                    {
                      "name": "V1__patients", "state": "success", "applied": true,
                      "direct": true,
                      "reasons": [
                        {"kind": "references", "object": "public.patients", "sure": true},
                        {"kind": "reads", "object": "table public.patients", "sure": false}
                      ]
                    }
                  ],
                  "dependents": [],
                  "verdict": "can-go-alone",
                  "sentence": "V2__visits can be undone alone: nothing that is applied needs it",
                  "notes": ["a note"]
                }
                """));
  }

  @Test
  void aDrawingQuotesWhateverANameHolds() {
    LinkedMigration hostile =
        new LinkedMigration(
            "V3__a\"b", "success", true, true, List.of(new Reason("reads", "\"x\\y\"", true)));
    assertThat(report(Verdict.NEEDS_OTHERS_GONE_FIRST, List.of(hostile), true).lines())
        .contains(
            "  \"V2__visits\" -> \"V0__schema\" [label=\"through others\", style=dashed];",
            "  \"V3__a\\\"b\" -> \"V2__visits\" [label=\"reads \\\"x\\\\y\\\"\"];")
        .endsWith("}");
  }
}
