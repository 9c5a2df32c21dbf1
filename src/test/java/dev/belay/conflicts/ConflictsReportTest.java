package dev.belay.conflicts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.cli.SameDatabase;
import dev.belay.core.ExitCode;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.Conflict;
import dev.belay.flyway.ConflictKind;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The answer and the page, as people and programs get them. Rewritten with -Dbelay.golden. */
class ConflictsReportTest {
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
  private static final String COPY =
      "/srv/conflict_reports/orders_ward_history_20260301_120000.json";

  private static final AppliedMigration ROW =
      new AppliedMigration(3, "3", "notes", "SQL", "V3__notes.sql", 17, "app", AT, 12, true);

  private static final RowChange CHANGE =
      new RowChange(
          Resolution.ALIGN_DESCRIPTIONS,
          "ward",
          "V3",
          3,
          "align-descriptions: record the description 'the `notes`' for V3 instead of 'notes' (row 3)",
          ROW,
          RowChange.Column.DESCRIPTION,
          "the `notes`");

  private static final Conflict MISSING =
      new Conflict(
          ConflictKind.MISSING_SCRIPT,
          Conflict.Effect.START_FAILS,
          List.of("V2"),
          List.of(),
          "V2 (V2__[names](http://x).sql) was applied at 2026-01-01 12:00:00 UTC, and its script is not here",
          "there are newer scripts, so this checkout is not simply older: the script was removed or renamed, or it is on another branch",
          "an application with these scripts does not start: Flyway says 'Detected applied migration not resolved locally: 2'",
          "the next start with all scripts fails");

  private static final Conflict NEWER =
      new Conflict(
          ConflictKind.NEWER_THAN_SCRIPTS,
          Conflict.Effect.NOTICE,
          List.of("V9"),
          List.of(),
          "V9 (V9__x.sql) was applied at 2026-01-01 12:00:00 UTC, and is newer than every script here",
          "this checkout is older than the database",
          "an application with these scripts starts: Flyway passes over what is newer",
          "the next start with all scripts runs V9 a second time, on a database that has all of it already");

  @Test
  void theAnswerIsTheSameAsTextAndAsJson() throws IOException {
    ConflictsReport report = report(app("/srv/conflict_reports/orders_ward_20260301_120000.md"));
    golden("resolve-conflicts.txt", String.join("\n", report.lines()) + "\n");
    golden("resolve-conflicts.json", Json.pretty(report) + "\n");
  }

  @Test
  void thePageCanBeFollowed() throws IOException {
    golden(
        "resolve-conflicts.md",
        ConflictPage.of(
            "orders@db1:5432", app(null), List.of(CHANGE), COPY, AT, UnaryOperator.identity()));
  }

  @Test
  void everyCommandOfThePageIsForTheDatabaseThatWasLookedAt() {
    SameDatabase given =
        SameDatabase.of(
            List.of("resolve-conflicts", "list-migrations", "config"),
            List.of("--config", "other.yaml"),
            null);

    String page =
        ConflictPage.of("orders@db1:5432", app(null), List.of(CHANGE), COPY, AT, given::text);

    List<String> commands = page.lines().filter(line -> line.startsWith("belay ")).toList();
    assertThat(commands)
        .anyMatch(line -> line.contains("--restore-history"))
        .anyMatch(line -> line.contains("--dry-run"))
        .allMatch(line -> line.matches("belay [a-z-]+ --config other.yaml( .*)?"), "names it");
  }

  @Test
  void everySortOfConflictHasAWayOut() {
    for (ConflictKind kind : ConflictKind.values()) {
      Conflict conflict =
          new Conflict(
              kind, Conflict.Effect.UNSAFE, List.of("V1"), List.of("a b.sql"), "x", "y", "z", null);
      assertThat(new Choices("a'b").of(conflict)).as(kind.word()).isNotEmpty();
    }
  }

  @Test
  void theExitStatusSaysWhatIsLeft() {
    AppConflicts notice =
        new AppConflicts("ward", "s.h", List.of(NEWER), List.of(), List.of(), null);
    AppConflicts blind =
        new AppConflicts("ward", "s.h", List.of(), List.of(), List.of("no right"), null);
    assertThat(report(notice).exitCode()).isEqualTo(ExitCode.OK);
    assertThat(report(blind).exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(report(blind, app(null)).exitCode()).isEqualTo(ExitCode.FINDINGS);
    assertThat(report(notice).databaseChanged()).isTrue();
  }

  private static AppConflicts app(@Nullable String page) {
    return new AppConflicts(
        "ward",
        "ward \"Ü|\".flyway_schema_history",
        List.of(MISSING, NEWER),
        List.of(),
        List.of(),
        page);
  }

  private static ConflictsReport report(AppConflicts... apps) {
    return new ConflictsReport("orders@db1:5432", List.of(apps), List.of(CHANGE), List.of(COPY));
  }

  private static void golden(String name, String actual) throws IOException {
    Path golden = Path.of("src/test/resources/dev/belay/conflicts").resolve(name);
    if (System.getProperty("belay.golden") != null) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, actual);
    }
    assertThat(actual).isEqualToNormalizingNewlines(Files.readString(golden));
  }
}
