package dev.belay.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.ExitCode;
import dev.belay.report.Json;
import dev.belay.undo.Amount;
import dev.belay.undo.TableSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The answer as people, programs and GitHub get it. Rewritten with -Dbelay.golden. */
class CheckMigrationsReportTest {
  private static final PendingRisk SMALL =
      new PendingRisk(
          "V7__note",
          Optional.of("7"),
          "note",
          Optional.of("db/migration/V7__note.sql"),
          Optional.empty(),
          RiskLevel.none,
          true,
          Optional.of(true),
          Optional.of(12L),
          List.of(),
          List.of(),
          List.of(),
          UndoAnswer.without(UndoVerdict.proven, Optional.of("db/undo/U7__note.sql")),
          List.of());

  private static final PendingRisk LARGE =
      new PendingRisk(
          "V8__50%, all:now",
          Optional.of("8"),
          "50%, all:now",
          Optional.of("db/migration/V8__50%, all:now.sql"),
          Optional.empty(),
          RiskLevel.critical,
          true,
          Optional.of(true),
          Optional.of(1_234L),
          List.of(
              Risk.of(RiskRule.UNDO_MISSING, "there is no undo script for it"),
              new Risk(
                  RiskRule.TABLE_REWRITTEN.id(),
                  RiskLevel.critical,
                  "ACCESS EXCLUSIVE on public.orders (40.0 GB, about 120,000,000 rows) with a rewrite: nobody reads or writes it meanwhile"),
              Risk.of(
                  RiskRule.DATA_DESTROYED,
                  "drops column public.orders.a\nb\u202e with 1,234 live values")),
          List.of(new Loss(Loss.Kind.column, "public.orders.a\nb\u202e", Amount.counted(1_234))),
          List.of(
              new LockedTable(
                  "public.orders",
                  "ACCESS EXCLUSIVE",
                  LockedTable.Stops.everything,
                  true,
                  true,
                  Optional.of(40_000_000_000L),
                  Optional.of(Amount.about(120_000_000))),
              new LockedTable(
                  "public.fresh",
                  "SHARE",
                  LockedTable.Stops.writes,
                  false,
                  false,
                  Optional.empty(),
                  Optional.empty())),
          UndoAnswer.without(UndoVerdict.missing, Optional.empty()),
          List.of("a note"));

  private static final PendingRisk BROKEN =
      new PendingRisk(
          "V9__broken",
          Optional.of("9"),
          "broken",
          Optional.of("db/migration/V9__broken.sql"),
          Optional.of(3),
          RiskLevel.critical,
          false,
          Optional.empty(),
          Optional.empty(),
          List.of(Risk.of(RiskRule.FAILS, "fails in the replay: V9__broken.sql, line 3: no")),
          List.of(),
          List.of(),
          UndoAnswer.without(UndoVerdict.untried, Optional.of("db/undo/U9__broken.sql")),
          List.of());

  private static CheckMigrationsReport report(
      RiskLevel failOn, boolean annotated, PendingRisk... pending) {
    RiskLevel level = RiskLevel.greatest(Arrays.stream(pending).map(PendingRisk::level).toList());
    AppRisk app = new AppRisk("shop", level, List.of(pending), List.of("what is not seen"));
    return new CheckMigrationsReport("orders@db1:5432", level, failOn, List.of(app), annotated);
  }

  @Test
  void theAnswerIsTheSameAsTextAndAsJson() throws IOException {
    CheckMigrationsReport report = report(RiskLevel.high, false, SMALL, LARGE, BROKEN);
    golden("check-migrations.txt", String.join("\n", report.lines()) + "\n");
    golden("check-migrations.json", Json.pretty(report) + "\n");
  }

  @Test
  void theRulesAreTheSameAsTextAndAsJson() throws IOException {
    golden("check-migrations-rules.txt", String.join("\n", RulesReport.all().lines()) + "\n");
    golden("check-migrations-rules.json", Json.pretty(RulesReport.all()) + "\n");
  }

  @Test
  void everyRuleStandsInTheDocumentation() throws IOException {
    String page = Files.readString(Path.of("docs/migrations.md"));
    for (RulesReport.Rule rule : RulesReport.all().rules()) {
      assertThat(page)
          .contains("| `%s` | %s | %s |".formatted(rule.rule(), rule.levels(), rule.why()));
    }
  }

  @Test
  void gitHubGetsOneLineForEachMigrationWithRisksAndNothingInItEndsTheLine() {
    assertThat(GithubAnnotations.of(report(RiskLevel.high, true, SMALL, LARGE, BROKEN)))
        .containsExactly(
            "::error file=db/migration/V8__50%25%2C all%3Anow.sql,line=1,"
                + "title=belay%3A critical risk in V8__50%25%2C all%3Anow::"
                + "critical: ACCESS EXCLUSIVE on public.orders (40.0 GB, about 120,000,000 rows)"
                + " with a rewrite: nobody reads or writes it meanwhile%0A"
                + "critical: drops column public.orders.a\\u000ab\\u202e with 1,234 live values%0A"
                + "medium: there is no undo script for it",
            "::error file=db/migration/V9__broken.sql,line=3,title=belay%3A critical risk in"
                + " V9__broken::critical: fails in the replay: V9__broken.sql, line 3: no");
    assertThat(GithubAnnotations.data("100 %\r\nof it")).isEqualTo("100 %25%0D%0Aof it");
  }

  @Test
  void theLevelOfAnAnnotationFollowsThatOfTheRisk() {
    PendingRisk medium = SMALL.with(Risk.of(RiskRule.UNDO_MISSING, "x"));
    PendingRisk low = SMALL.with(Risk.of(RiskRule.OUTSIDE_TRANSACTION, "x"));

    assertThat(GithubAnnotations.of(report(RiskLevel.critical, true, medium)).get(0))
        .startsWith("::warning file=");
    assertThat(GithubAnnotations.of(report(RiskLevel.medium, true, medium)).get(0))
        .startsWith("::error file=");
    assertThat(GithubAnnotations.of(report(RiskLevel.critical, true, low)).get(0))
        .startsWith("::notice file=");
    assertThat(report(RiskLevel.critical, true, low).lines())
        .anyMatch(line -> line.startsWith("::"));
    assertThat(report(RiskLevel.critical, false, low).lines())
        .noneMatch(line -> line.startsWith("::"));
  }

  @Test
  void theExitStatusFollowsTheLevelAndWhatFailsIsAlwaysAFinding() {
    PendingRisk medium = SMALL.with(Risk.of(RiskRule.UNDO_MISSING, "x"));

    assertThat(report(RiskLevel.low, false, SMALL).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(report(RiskLevel.high, false, medium).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(report(RiskLevel.medium, false, medium).exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(report(RiskLevel.critical, false, BROKEN).exitCode()).isEqualTo(ExitCode.FINDINGS);
  }

  @Test
  void aTableOfWhichTheSizeIsNotKnownCountsAsLarge() {
    assertThat(TableSize.of(OptionalLong.empty())).isEqualTo(TableSize.LARGE);
    assertThat(TableSize.of(OptionalLong.of(9_999_999))).isEqualTo(TableSize.SMALL);
    assertThat(TableSize.of(OptionalLong.of(10_000_000))).isEqualTo(TableSize.MIDDLE);
    assertThat(TableSize.of(OptionalLong.of(1_000_000_000))).isEqualTo(TableSize.LARGE);
    assertThat(RiskRule.TABLE_REWRITTEN.level(TableSize.LARGE)).isEqualTo(RiskLevel.critical);
    assertThat(RiskRule.INDEX_BUILD.level(TableSize.MIDDLE)).isEqualTo(RiskLevel.medium);
  }

  private static void golden(String name, String actual) throws IOException {
    Path golden = Path.of("src/test/resources/dev/belay/migrations").resolve(name);
    if (System.getProperty("belay.golden") != null) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, actual);
    }
    assertThat(actual).isEqualToNormalizingNewlines(Files.readString(golden));
  }
}
