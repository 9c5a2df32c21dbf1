package dev.belay.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class IncidentIT {
  @TempDir private Path folder = Path.of("");
  private final Target target = TestServer.fresh("incident");

  @AfterEach
  void drop() {
    TestServer.dropReplaced(target);
    TestServer.drop(target);
  }

  @Test
  void whatAnOperationDidIsOnItsPageAndInTheBundleAlsoWhenTheServerIsGone() throws IOException {
    Cli cli = new Cli(folder).on(target).with("PGCONNECT_TIMEOUT", "2");
    Cli.Result made = cli.run("create-backup", "--description", "before the <night>");
    assertThat(made.status()).as(made.err()).isZero();

    Cli.Result reported = cli.run("report", "--output", "json", "--out", "page.html");
    assertThat(reported.status()).as(reported.err()).isZero();
    JsonNode result = Json.MAPPER.readTree(reported.out()).path("result");
    assertThat(result.path("about").asString()).isEqualTo("belay create-backup on " + target);
    assertThat(result.path("ended").asString()).startsWith("Done.");
    String page = Files.readString(folder.resolve("page.html"));
    assertThat(page)
        .contains("The answer", "The log of that time", "before the &lt;night&gt;")
        .contains("belay create-backup ends: OK (exit status 0)");

    Cli.Result again = cli.run("report", "--out", "page.html");
    assertThat(again.status()).isEqualTo(11);
    String run = result.path("run").asString();
    assertThat(cli.run("report", run.substring(0, 8)).status()).isZero();
    assertThat(folder.resolve("belay_report_" + run + ".html")).exists();

    Cli.Result bundled = cli.run("incident-bundle", "--output", "json", "--out", "live.zip");
    assertThat(bundled.status()).as(bundled.err()).isZero();
    assertThat(names(bundled))
        .contains(
            "state/verify-state.json", "pages/" + run + ".html", "audit.jsonl", "config.json");
    assertThat(bundled.err()).doesNotContain("verify-state");

    Cli down = new Cli(folder).on(target).with("PGPORT", "1").with("PGCONNECT_TIMEOUT", "2");
    Cli.Result without =
        down.run("incident-bundle", "--run", run, "--output", "json", "--out", "down.tar.gz");
    assertThat(without.status()).as(without.err()).isZero();
    assertThat(names(without)).contains("pages/" + run + ".html", "operations/" + kept());
    JsonNode missing = Json.MAPPER.readTree(without.out()).path("result").path("missing");
    assertThat(missing.toString())
        .contains("belay list-migrations: not asked: the database cannot be reached");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(Path::toString))
          .noneMatch(name -> name.endsWith(".partial") || name.endsWith(".staged"));
    }
  }

  @Test
  void aPlanThatWasAgreedToIsOnThePageWordByWord() throws IOException {
    Cli cli = new Cli(folder).on(target);
    assertThat(cli.run("create-backup").status()).isZero();
    Cli.Result restored = cli.run("backup-restore", "latest", "--yes");
    assertThat(restored.status()).as(restored.err()).isZero();

    assertThat(cli.run("report", "--out", "page.html").status()).isZero();

    String page = Files.readString(folder.resolve("page.html"));
    assertThat(page)
        .contains("<h2>The plan</h2>", "Plan: restore ", "by --yes; SHA-256 of its lines ")
        .contains("swap begun", "The database was changed. Exit status 0.");
  }

  @Test
  void whatCannotBeDoneIsRefusedWithWhatToType() {
    Cli cli = new Cli(folder);

    Cli.Result none = cli.run("report");
    assertThat(none.status()).isEqualTo(12);
    assertThat(none.err()).contains("no operation is on record in");
    assertThat(cli.run("report", "0123abcd").status()).isEqualTo(12);
    assertThat(cli.run("report", "no such file").status()).isEqualTo(12);
    assertThat(cli.run("incident-bundle", "--out", "x.rar").status()).isEqualTo(2);
    assertThat(cli.run("incident-bundle", "--max-size", "1kB").status()).isEqualTo(2);
    assertThat(cli.run("incident-bundle", "--run", "zz").status()).isEqualTo(2);
    assertThat(cli.run("incident-bundle", "--run", "abcd", "--since", "1h").status()).isEqualTo(2);
    assertThat(cli.run("incident-bundle", "--out", "gone/x.zip").status()).isEqualTo(12);
  }

  private String kept() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(".belay/journal/operations"))) {
      return String.valueOf(files.sorted().findFirst().orElseThrow().getFileName());
    }
  }

  private static List<String> names(Cli.Result bundled) {
    return Json.MAPPER
        .readTree(bundled.out())
        .path("result")
        .path("contents")
        .valueStream()
        .map(each -> each.path("name").asString())
        .toList();
  }
}
