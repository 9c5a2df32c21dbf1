package dev.belay.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.Html;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountTest {
  @TempDir private Path folder = Path.of("");

  private Night night() {
    return new Night(folder);
  }

  @Test
  void aKilledOperationIsShownAsKilledWithItsTimelineUpToThere() {
    Account account =
        night().journal(1, "backup-restore", "orders@db1:5432", "create", "restore").account();

    assertThat(account.verdict().words()).startsWith("Not ended: killed.");
    assertThat(account.timeline()).extracting(Happening::what).containsExactly("create", "restore");
    assertThat(account.timeline().get(0).tookMillis()).isEqualTo(1_000);
    assertThat(account.timeline().get(1).tookMillis()).isNull();
    assertThat(account.next())
        .containsExactly("see what the database is like with: belay verify-state");
    assertThat(account.missing())
        .contains(
            "the audit trail has nothing about this run", "nothing was measured while it ran");
  }

  @Test
  void whatWasDecidedAndWhenItReallyBeganAreSaid() {
    Account account =
        night()
            .journal(
                1,
                "migrate",
                "orders@db1:5432",
                "{\"at\":\"2026-11-01T02:30:01Z\",\"step\":\"look\",\"facts\":{\"hint\":\"type this\"}}",
                "{\"at\":\"2026-11-01T02:30:02Z\",\"step\":\"backup\",\"facts\":{\"hint\":\"type this\"}}")
            .file(
                ".belay/journal/operations/20261101_022900_" + Night.RUN + ".json",
                """
                {"operation":1,"run":"%s","command":"migrate","database":"orders","plans":[],"told":[],
                 "arguments":"migrate orders --unproven --fail-on none --accept-loss=5 -- npm --no-audit",
                 "startedAt":"2026-11-01T02:29:00Z"}
                """
                    .formatted(Night.RUN))
            .account();

    assertThat(account.decisions())
        .extracting(Fact::value)
        .containsExactly("--unproven", "--fail-on none", "--accept-loss=5");
    assertThat(account.facts()).contains(new Fact("begun", "2026-11-01 02:29:00 UTC"));
    assertThat(account.timeline().get(0).facts()).containsExactly(new Fact("hint", "type this"));
    assertThat(account.timeline().get(1).facts()).isEmpty();
    assertThat(account.next()).contains("type this");
  }

  @Test
  void theLogIsReadNoFurtherThanTheRunWent() throws IOException {
    night()
        .file(
            "belay.log",
            """
            2026-11-01 02:30:01.000 - INFO - x - of the run
            2026-11-01 02:30:09.000 - INFO - x - of another process
            2026-11-01 02:30:01.500 - INFO - x - of the run, written later
            2026-11-01 02:32:00.000 - INFO - x - long after
            2026-11-01 02:30:01.600 - INFO - x - after the clock was turned back
            """);
    List<String> lines = new ArrayList<>();

    LogPart.each(
        folder.resolve("belay.log"),
        Night.BEGUN,
        Night.BEGUN.plusSeconds(2),
        1_000,
        line -> lines.add(line.text()));

    assertThat(lines)
        .containsExactly(
            "2026-11-01 02:30:01.000 - INFO - x - of the run",
            "2026-11-01 02:30:01.500 - INFO - x - of the run, written later");
  }

  @Test
  void whatAnotherRunPutRightIsSaid() {
    Account account =
        night()
            .journal(
                1,
                "backup-restore",
                "orders@db1:5432",
                "restore",
                "{\"at\":\"2026-11-01T03:00:00Z\",\"step\":\"settled\",\"facts\":{\"by\":\"aaaabbbbcccc\"}}")
            .account();

    assertThat(account.verdict().words())
        .isEqualTo("Not ended: killed. What it left was put right later, by run aaaabbbbcccc.");
    assertThat(account.next()).isEmpty();
  }

  @Test
  void aTornLastLineAndLinesThatAreNoneAreSaidAndTheRestIsShown() throws IOException {
    Night night =
        night().journal(1, "migrate", "orders@db1:5432", "create", "{\"not\":", "restore");
    Files.writeString(
        night.journals().resolve("20261101_023000_" + Night.RUN + ".jsonl"),
        "{\"at\":\"2026-11-01T02:",
        StandardOpenOption.APPEND);

    Account account = night.account();

    assertThat(account.timeline()).extracting(Happening::what).containsExactly("create", "restore");
    assertThat(account.missing())
        .anyMatch(note -> note.contains("was cut by a crash: its step had not begun"))
        .anyMatch(note -> note.startsWith("1 line of the journal"));
  }

  @Test
  void aJournalOfANewerBelayIsShownAsFarAsItIsKnown() {
    Account account =
        night()
            .journal(
                7,
                "migrate",
                "orders@db1:5432",
                "{\"at\":\"2026-11-01T02:30:01Z\",\"step\":\"leap\",\"facts\":{\"how\":{\"far\":3}},\"mood\":1}",
                "{\"phase\":\"of another form\"}")
            .account();

    assertThat(account.timeline()).extracting(Happening::what).containsExactly("leap");
    assertThat(account.timeline().get(0).facts()).containsExactly(new Fact("how", "{\"far\":3}"));
    assertThat(account.missing())
        .anyMatch(note -> note.contains("is of a newer belay (form 7, and this one knows form 1)"));
  }

  @Test
  void whatIsInTheAnswerOfAnyCommandIsShown() {
    night()
        .file(
            "answer.json",
            """
            {"schema":9,"command":"drill","outcome":"FINDINGS","exitStatus":10,"databaseChanged":false,
             "startedAt":"2026-11-01T02:30:00Z","durationMillis":61000,
             "result":{"proven":false,"phases":[
               {"name":"restore","startedAt":"2026-11-01T02:30:01Z","durationMillis":42000,"gained":"1.2 GB"},
               {"name":"undo","startedAt":"2026-11-01T02:30:43Z","durationMillis":9000}],
               "sizes":[1,2,3],"deep":{"er":{"still":{"down":{"here":{"is":{"the":"end"}}}}}}},
             "remarks":[{"kind":"hook","name":"hooks.after","result":"ended with 1","problem":true}]}
            """);

    Account account = night().of("answer.json");

    assertThat(account.verdict().words())
        .isEqualTo("The checks found something. The database was not changed. Exit status 10.");
    assertThat(account.timeline()).extracting(Happening::what).containsExactly("restore", "undo");
    assertThat(account.remarks()).hasSize(1);
    assertThat(account.missing()).anyMatch(note -> note.contains("of a newer belay"));
    assertThat(night().page(account))
        .contains("42.0 s", "1.2 GB", "hooks.after", "<th scope=\"row\">proven</th><td>no</td>");
  }

  @Test
  void theReportOfADrillIsAPage() {
    night()
        .file(
            "drill.json",
            """
            {"database":"orders@db1:5432","drilledAt":"2026-11-01T02:30:00Z","verdict":"not-proven",
             "phases":[{"name":"restore","millis":42000},{"name":"undo","millis":9000}],"notes":["x"]}
            """);

    Account account = night().of("drill.json");

    assertThat(account.kind()).isEqualTo("Drill");
    assertThat(account.verdict().words()).isEqualTo("The file says: not-proven.");
    assertThat(night().page(account)).contains("<td>restore</td><td>42.0 s</td>");
  }

  @Test
  void filesThatAreNothingOfBelayAreRefusedWithWhatToDo() throws IOException {
    Night night = night();
    night
        .file("empty", "")
        .file("list.json", "[1,2]")
        .file("half.json", "{\"command\":\"migr")
        .file("text", "once upon a time\n".repeat(10_000))
        .file("audit.jsonl", "{\"sequence\":1,\"previous\":\"0\",\"event\":\"begun\"}\n")
        .file("run.jsonl", "{\"journal\":1,\"run\":\"../../etc\",\"command\":\"x\"}\n");
    try (var huge =
        Files.newByteChannel(
            folder.resolve("huge.json"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      huge.position(GivenFile.LONGEST_JSON);
      huge.write(ByteBuffer.wrap(new byte[] {'}'}));
    }

    for (String file :
        List.of(
            "empty", "list.json", "half.json", "text", "audit.jsonl", "run.jsonl", "huge.json")) {
      assertThatThrownBy(() -> night.of(file))
          .as(file)
          .isInstanceOfSatisfying(
              Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE));
    }
    assertThatThrownBy(() -> night.of("gone.json"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
  }

  @Test
  void hostileTextIsNothingButText() {
    String hostile =
        "\"</script><script>alert(1)</script><img src=x onerror=alert(2)>'; drop table";
    Night night =
        night()
            .journal(1, hostile, hostile + "\u202e\u0000", hostile)
            .samples(40, 5, hostile)
            .file(
                "belay.log",
                "2026-11-01 02:30:01.000 - INFO - x - "
                    + hostile
                    + "\u001b[31mred\u001b[0m\u0007\u001b]0;title\u0007\n"
                    + "2026-11-01 02:30:02.000 - INFO - x - "
                    + "z".repeat(10_000_000)
                    + "\n");

    String page = night.page();

    assertThat(page.length()).isLessThan(200_000);
    assertThat(page)
        .contains("&lt;/script&gt;", "\\u202e", "red<i class=\"code\">\\u0007")
        .doesNotContain("[31m");
    assertThat(tags(page))
        .doesNotContain("script", "img", "link", "iframe", "a", "base")
        .containsOnlyOnce("style");
    assertThat(page).doesNotContainPattern("<[^>]*\\s(src|href|on[a-z]+|style)=");
    assertThat(page.codePoints().filter(point -> point != '\n'))
        .noneMatch(point -> Character.getType(point) == Character.CONTROL);
  }

  @Test
  void secretsOfTheConfigurationAreMaskedOnThePage() {
    Night night =
        night()
            .with("PGPASSWORD", "kan/ar1e &vogel")
            .journal(1, "migrate", "orders@db1:5432", "create")
            .file(
                "belay.log",
                """
                2026-11-01 02:30:01.000 - INFO - x - PGPASSWORD is kan/ar1e &vogel
                2026-11-01 02:30:01.100 - INFO - x - as %s or %s
                2026-11-01 02:30:01.200 - INFO - x - create role a password 'other-secret'
                2026-11-01 02:30:01.300 - INFO - x - Authorization: Bearer abcdefghijklmnop
                """
                    .formatted(
                        "kan%2Far1e+%26vogel",
                        Base64.getEncoder()
                            .encodeToString(
                                "app:kan/ar1e &vogel!".getBytes(StandardCharsets.UTF_8))));

    assertThat(night.page())
        .contains("PGPASSWORD is ****", "as **** or YXBwO")
        .doesNotContain("vogel", "other-secret", "abcdefghijklmnop", "2Far1e");
  }

  @Test
  void aKeyOfWhichTheBeginningIsLeftOutIsMaskedToo() {
    StringBuilder log = new StringBuilder();
    String stamp = "2026-11-01 02:30:01.000 - DEBUG - Hooks - hooks.migrate.before: ";
    log.append((stamp + "well so far\n").repeat(200));
    log.append(stamp + "-----BEGIN RSA PRIVATE KEY-----\n");
    log.append((stamp + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n").repeat(40));
    log.append(stamp + "-----END RSA PRIVATE KEY-----\n");
    log.append((stamp + "still well\n").repeat(300));

    String page =
        night()
            .journal(1, "migrate", "orders@db1:5432", "create")
            .file("belay.log", log.toString())
            .page();

    assertThat(page).contains("lines are left out here", "still well").doesNotContain("MIIEvQI");
  }

  @Test
  void theWholeIsBalancedAndItsHeadingsAreInOrder() {
    Night night =
        night()
            .journal(1, "migrate", "orders@db1:5432", "create", "restore")
            .samples(300, 7, "db1");
    String page = night.page();

    Matcher heading = Pattern.compile("<h([1-6])[ >]").matcher(page);
    int before = 0;
    while (heading.find()) {
      int rank = Integer.parseInt(heading.group(1));
      assertThat(rank).isLessThanOrEqualTo(before + 1);
      before = rank;
    }
    assertThat(page).contains("lang=\"en\"", "<main>", "<header>", "<footer>");
    assertThat(Pattern.compile("<th(?![^>]*scope=)[ >]").matcher(page).find()).isFalse();
    int charts = page.split("role=\"img\"", -1).length - 1;
    assertThat(charts).isGreaterThan(2);
    assertThat(page.split("<title id=", -1)).hasSize(charts + 1);
    assertThat(page.split("<desc id=", -1)).hasSize(charts + 1);
  }

  @Test
  void jsonIsShownWithoutEnd() {
    StringBuilder deep = new StringBuilder();
    deep.append("{\"a\":".repeat(300)).append("1").append("}".repeat(300));
    StringBuilder page = new StringBuilder();

    new JsonView(new Safe(new Html(page), Secrets.of(List.of())))
        .show(Json.MAPPER.readTree(deep.toString()));
    new JsonView(new Safe(new Html(page), Secrets.of(List.of())))
        .show(
            Json.MAPPER.readTree(
                "{\"rows\":[" + "{\"a\":1,\"b\":2},".repeat(9_999) + "{\"a\":3}]}"));

    assertThat(page.length()).isLessThan(100_000);
    assertThat(page).contains("9,800 more");
  }

  private static List<String> tags(String page) {
    return Pattern.compile("<([a-z][a-z0-9]*)")
        .matcher(page)
        .results()
        .map(match -> match.group(1))
        .toList();
  }
}
