package dev.belay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.report.Html;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ReportPageTest {
  private static final Pattern TAG = Pattern.compile("<(/?)([a-z][a-z0-9]*)");

  @TempDir private Path folder = Path.of("");

  @Test
  void holdsNothingThatABrowserWouldLoadOrRun() {
    for (ReconcileReport report : List.of(SampleReports.ordinary(), SampleReports.hostile())) {
      String page = page(report);
      assertThat(page).contains("default-src 'none'");
      assertThat(tags(page))
          .doesNotContain("script", "img", "link", "iframe", "object", "embed", "a", "base")
          .containsOnlyOnce("style");
      assertThat(page).doesNotContainPattern("<[^>]*\\s(src|href|on[a-z]+|style)=");
    }
  }

  @Test
  void showsHiddenCharactersAsCodes() {
    String page = page(SampleReports.hostile());
    assertThat(page.codePoints().filter(point -> point != '\n'))
        .noneMatch(
            point ->
                Character.getType(point) == Character.CONTROL
                    || Character.getType(point) == Character.FORMAT);
    assertThat(page).contains("\\u202e", "\\u0007", "\\u200b", "\\ud800", "\\r");
  }

  @Test
  void cutsLongValuesInPageAndJson() {
    assertThat(page(SampleReports.hostile()).length()).isLessThan(400_000);
    assertThat(Json.pretty(SampleReports.hostile()).length()).isLessThan(400_000);
  }

  @Test
  void marksOnlyWhatDiffersBetweenTheTwoSides() {
    String page = page(SampleReports.ordinary());
    assertThat(page)
        .contains("2026-03-14 0<mark>1:58:03</mark>+00", "2026-03-14 0<mark>2:14:55</mark>+00")
        .contains("12.5<mark>0</mark>");
  }

  @Test
  void saysWhatBecameOfEveryRowInWordsAndNotByColourAlone() {
    String page = page(SampleReports.ordinary());
    assertThat(page)
        .contains("aria-label=\"112 added, 2 in conflict\"")
        .contains("both gave this key to a new row of their own")
        .contains("2 rows of public.appointments are in conflict")
        .contains("Only the replaced database has the column")
        .contains("14 tables are equal");
  }

  @Test
  void closesEveryElementThatItOpens() {
    for (ReconcileReport report :
        List.of(
            SampleReports.ordinary(),
            SampleReports.plan(),
            SampleReports.clean(),
            SampleReports.hostile(),
            SampleReports.many(40))) {
      assertBalanced(page(report));
    }
  }

  @Test
  void drawsPartsThatWouldVanishAndNeverMoreThanTheWholeBar() {
    StringBuilder drawn = new StringBuilder();
    Bar.of(1, 1, 1, 1, 1_000_000_000, false).draw(new Html(drawn));
    Matcher rect = Pattern.compile("x=\"([0-9.]+)\" width=\"([0-9.]+)\"").matcher(drawn);
    double end = 0;
    while (rect.find()) {
      assertThat(Double.parseDouble(rect.group(1))).isGreaterThanOrEqualTo(end);
      assertThat(Double.parseDouble(rect.group(2))).isGreaterThan(0);
      end = Double.parseDouble(rect.group(1)) + Double.parseDouble(rect.group(2));
    }
    assertThat(end).isLessThanOrEqualTo(1000);
  }

  @Test
  void writesBothFilesForTheOwnerOnlyAndNeverOverAnother() throws IOException {
    ReportFolder reports = new ReportFolder(folder.resolve("reports"));
    ReconcileReport first = reports.write(SampleReports.ordinary(), UnaryOperator.identity());
    ReconcileReport second = reports.write(SampleReports.ordinary(), UnaryOperator.identity());
    try (Stream<Path> files = Files.list(folder.resolve("reports"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "reconciliation_20260314_021709.json",
              "reconciliation_20260314_021709.html",
              "reconciliation_20260314_021709_2.json",
              "reconciliation_20260314_021709_2.html");
    }
    Path json = Path.of(String.valueOf(first.json()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(json)))
        .isEqualTo("rw-------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("reports"))))
        .isEqualTo("rwx------");
    assertThat(second.page()).endsWith("_2.html");
    JsonNode tree = Json.MAPPER.readTree(Files.readString(json));
    assertThat(tree.at("/passes/0/tables/0/table/table").asString()).isEqualTo("appointments");
    assertThat(tree.at("/passes/0/tables/0/rows/2/base").asString()).isEqualTo("ABSENT");
    assertThat(tree.at("/passes/0/done/added").asLong()).isEqualTo(127);
  }

  @Test
  void whatIsToBeTypedIsTheSameInBothFilesAndInTheAnswer() throws IOException {
    ReconcileReport written =
        new ReportFolder(folder.resolve("reports"))
            .write(
                SampleReports.ordinary(),
                text -> text.replaceFirst("^belay [a-z-]+", "$0 --config other.yaml"));

    List<String> commands = written.onward().stream().map(Onward::command).toList();
    assertThat(commands).isNotEmpty().allMatch(each -> each.contains(" --config other.yaml"));
    String page = Files.readString(Path.of(String.valueOf(written.page())));
    JsonNode json = Json.MAPPER.readTree(Files.readString(Path.of(String.valueOf(written.json()))));
    assertThat(json.at("/onward").valueStream().map(each -> each.path("command").asString()))
        .containsExactlyElementsOf(commands);
    assertThat(page).contains(" --config other.yaml");
  }

  private static List<String> tags(String page) {
    return TAG.matcher(page)
        .results()
        .filter(tag -> tag.group(1).isEmpty())
        .map(tag -> tag.group(2))
        .toList();
  }

  private static void assertBalanced(String page) {
    ArrayDeque<String> open = new ArrayDeque<>();
    Matcher tag = Pattern.compile("<(/?)([a-z][a-zA-Z0-9]*)[^>]*?(/?)>").matcher(page);
    while (tag.find()) {
      String name = tag.group(2);
      if (name.equals("meta") || !tag.group(3).isEmpty()) {
        continue;
      }
      if (tag.group(1).isEmpty()) {
        open.push(name);
      } else {
        assertThat(open.poll()).isEqualTo(name);
      }
    }
    assertThat(open).isEmpty();
  }

  static String page(ReconcileReport report) {
    StringBuilder page = new StringBuilder();
    ReportPage.write(report, page);
    return page.toString();
  }
}
