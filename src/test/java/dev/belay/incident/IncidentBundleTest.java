package dev.belay.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.support.Programs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentBundleTest {
  private static final String CANARY = "Kan/arien+vogel \"49\" & Söhne";
  private static final String PATH_CANARY = "T0PSECRETWEBHOOKPATH";

  @TempDir private Path folder = Path.of("");

  private Night night() {
    return new Night(folder);
  }

  private BundleReport make(Night of, Instant since, long maxBytes, String out) {
    return make(of, since, maxBytes, out, Night.silent());
  }

  private BundleReport make(
      Night of, Instant since, long maxBytes, String out, OwnCommands commands) {
    Terminal terminal =
        new Terminal(
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()),
            false,
            false,
            () -> null);
    return new IncidentBundle(
            of.settings(),
            of.surroundings(),
            new StateNow(commands, of.surroundings(), List.of()),
            "1.2.3")
        .make(
            new BundleRequest(since, List.of(), Optional.of(folder.resolve(out)), maxBytes),
            new Progress(terminal));
  }

  private static Instant longAgo() {
    return Instant.now().minus(Duration.ofDays(3650));
  }

  @Test
  void noSecretIsInItInAnyForm() throws IOException {
    String quoted = CANARY.replace("\"", "\\\"");
    byte[] bytes = CANARY.getBytes(StandardCharsets.UTF_8);
    String encoded = URLEncoder.encode(CANARY, StandardCharsets.UTF_8);
    String everything =
        String.join(
            " | ",
            CANARY,
            quoted,
            encoded,
            encoded.replace("+", "%20"),
            Base64.getEncoder().encodeToString(bytes),
            Base64.getUrlEncoder().encodeToString(bytes),
            Base64.getEncoder()
                .encodeToString(("app:" + CANARY + "@x").getBytes(StandardCharsets.UTF_8)),
            HexFormat.of().formatHex(bytes),
            "https://catcher.example/services/" + PATH_CANARY);
    Night of =
        night()
            .with("PGPASSWORD", CANARY)
            .with("CHAT", "https://catcher.example/services/" + PATH_CANARY)
            .file(
                "belay.yaml",
                """
                url: postgresql://app@127.0.0.1:1/orders
                notify:
                  channels:
                    chat:
                      type: webhook
                      url: ${CHAT}
                """)
            .journal(1, "migrate " + everything, "orders@db1:5432", everything)
            .file("belay.log", "2026-11-01 02:30:01.000 - INFO - x - " + everything + "\n")
            .file(
                "reconciliation_reports/r.html",
                "<p>" + everything.replace("&", "&amp;").replace("\"", "&quot;") + "</p>")
            .file(
                "reconciliation_reports/r.json",
                "{\"a\":[\"" + encoded + "\",{\"password\":\"x1\",\"webhookUrl\":\"y\"}]}")
            .file(
                "reconciliation_reports/half.json",
                "{\"a\":\"" + encoded + " and http://u:p%40w@h/")
            .file(
                "conflict_reports/k.md",
                "-----BEGIN PRIVATE KEY-----\nMIIsecretkeymaterial\n-----END PRIVATE KEY-----\nafter\n")
            .file("conflict_reports/" + "a b<script>\".md", everything)
            .file(
                "migration_monitoring/x.jsonl",
                "{\"type\":\"begin\",\"note\":\"" + encoded + "\"}\n{\"torn");

    BundleReport report = make(of, longAgo(), 100_000_000, "b.tar.gz");

    Map<String, String> files = unpacked("b.tar.gz");
    assertThat(files).hasSize(report.contents().size());
    assertThat(files.keySet())
        .anyMatch(name -> name.endsWith("/index.html"))
        .anyMatch(name -> name.endsWith("/belay.log"))
        .anyMatch(name -> name.endsWith("/config.json"))
        .anyMatch(name -> name.endsWith("/pages/" + Night.RUN + ".html"))
        .anyMatch(name -> name.endsWith("/reports/a_b_script_.md"));
    String base64 = Base64.getEncoder().encodeToString(bytes);
    files.forEach(
        (name, text) -> {
          assertThat(text)
              .as(name)
              .doesNotContain("arien", "vogel", PATH_CANARY, "secretkeymaterial", "p%40w")
              .doesNotContain(base64.substring(4, 24), HexFormat.of().formatHex(bytes))
              .doesNotContain("\"x1\"", "\"y\"");
          assertThat(decoded(text)).as(name).doesNotContain("arien", "vogel", PATH_CANARY);
        });
    assertThat(files.get(name(files, "/reports/k.md"))).contains("after");
    assertThat(files.get(name(files, "/reports/r.json"))).contains("****");
  }

  /** All that looks like Base64, decoded. */
  private static String decoded(String text) {
    StringBuilder all = new StringBuilder();
    java.util.regex.Pattern.compile("[A-Za-z0-9+/_-]{12,}")
        .matcher(text)
        .results()
        .limit(20_000)
        .forEach(
            match -> {
              String digits = match.group().replace('-', '+').replace('_', '/');
              for (int from = 0; from < 4; from++) {
                String part = digits.substring(Math.min(from, digits.length()));
                part = part.substring(0, part.length() / 4 * 4);
                all.append(
                        new String(Base64.getDecoder().decode(part), StandardCharsets.ISO_8859_1))
                    .append(' ');
              }
            });
    return all.toString();
  }

  @Test
  void theAuditTrailAndJournalsWithoutSecretsAreCopiedByteByByte() throws IOException {
    Night of =
        night().journal(1, "migrate", "orders@db1:5432", "create", "{ \"odd\" : 1 }", "{torn");

    make(of, longAgo(), 100_000_000, "b.zip");

    Map<String, String> files = unpacked("b.zip");
    assertThat(files.get(name(files, "/journal/20261101_023000_" + Night.RUN + ".jsonl")))
        .isEqualTo(
            Files.readString(of.journals().resolve("20261101_023000_" + Night.RUN + ".jsonl")));
  }

  @Test
  void bothFormsHaveTheSameFilesForTheOwnerOnly() throws IOException {
    Night of = night().journal(1, "migrate", "orders@db1:5432", "create").samples(100, 3, "db1");
    make(of, longAgo(), 100_000_000, "one.tar.gz");
    make(of, longAgo(), 100_000_000, "two.zip");

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("one.tar.gz"))))
        .isEqualTo("rw-------");
    Map<String, String> tar = unpacked("one.tar.gz");
    Map<String, String> zip = unpacked("two.zip");
    assertThat(tar.keySet().stream().map(name -> name.replaceFirst("^[^/]*", "")))
        .containsExactlyElementsOf(
            zip.keySet().stream().map(name -> name.replaceFirst("^[^/]*", "")).toList());
    for (String place : List.of("one.tar.gz.out", "two.zip.out")) {
      try (Stream<Path> files = Files.walk(folder.resolve(place))) {
        assertThat(files.filter(Files::isRegularFile))
            .allSatisfy(
                file ->
                    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------"));
      }
    }
  }

  @Test
  void whatDoesNotFitIsNamedAndTheNewestIsThere() throws IOException {
    Night of = night().journal(1, "migrate", "orders@db1:5432", "create");
    for (int number = 1; number <= 4; number++) {
      String name = "reconciliation_reports/r" + number + ".md";
      of.file(name, "x".repeat(100_000));
      Files.setLastModifiedTime(
          folder.resolve(name), FileTime.from(Instant.now().minusSeconds(1_000 - number)));
    }

    BundleReport report = make(of, longAgo(), 350_000, "b.tar.gz");

    Map<String, String> files = unpacked("b.tar.gz");
    assertThat(files.keySet())
        .anyMatch(name -> name.endsWith("r4.md"))
        .noneMatch(name -> name.endsWith("r1.md"));
    assertThat(report.missing())
        .contains("left out, since all would be more than 350 kB: reports/r1.md (100 kB)");
    assertThat(files.get(name(files, "/index.html"))).contains("reports/r1.md (100 kB)");
    assertThat(folder.resolve("reconciliation_reports/r1.md")).exists();
  }

  @Test
  void onlyWhatIsOfThatTimeIsInIt() throws IOException {
    Night of =
        night()
            .file("reconciliation_reports/old.md", "old")
            .file("reconciliation_reports/new.md", "new")
            .file(
                "belay.log",
                "2020-01-01 00:00:00.000 - INFO - x - ancient\n\tat ancient.trace\n2099-01-01 00:00:00.000 - INFO - x - future\n");
    Files.setLastModifiedTime(
        folder.resolve("reconciliation_reports/old.md"),
        FileTime.from(Instant.now().minus(Duration.ofDays(9))));

    BundleReport report =
        make(of, Instant.now().minus(Duration.ofDays(1)), 100_000_000, "b.tar.gz");

    assertThat(report.contents()).extracting(BundleReport.Content::name).contains("reports/new.md");
    assertThat(report.contents())
        .extracting(BundleReport.Content::name)
        .doesNotContain("reports/old.md", "belay.log");
    assertThat(report.missing())
        .anyMatch(note -> note.contains("belay.log has no line since"))
        .anyMatch(note -> note.startsWith("there is no folder of journals"))
        .anyMatch(
            note ->
                note.equals("belay list-migrations: not asked: the database cannot be reached"));
  }

  @Test
  @org.junit.jupiter.api.Timeout(120)
  void aLineThatWasMadeToTakeForEverDoesNot() {
    Secrets secrets = Secrets.of(List.of("canary-canary"));
    for (String part :
        List.of(
            "://",
            "z",
            "a://b:",
            "password",
            "password=\"",
            "x'\\\\",
            "https://a.",
            "bearer ",
            "''")) {
      String line = part.repeat(100_000 / part.length()) + " canary-canary";
      assertThat(secrets.without(line)).as(part).doesNotContain("canary-canary");
      assertThat(secrets.without("http://u:p@h password='" + line))
          .as(part)
          .doesNotContain("canary-canary", "u:p@");
    }
  }

  @Test
  void nothingIsOverwrittenAndNothingIsLeftWhenItFails() throws IOException {
    Night of = night().journal(1, "migrate", "orders@db1:5432", "create");
    Files.writeString(folder.resolve("b.tar.gz"), "mine");
    assertThatThrownBy(() -> make(of, longAgo(), 1_000_000, "b.tar.gz"))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED));
    assertThat(folder.resolve("b.tar.gz")).hasContent("mine");

    Path file = folder.resolve("broken.tar.gz");
    assertThatThrownBy(
            () ->
                NewFile.write(
                    file,
                    into -> {
                      into.write(1);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
              assertThat(failure.message()).contains("No space left on device");
            });
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.contains("broken") || name.contains("partial"));
    }
  }

  @Test
  void aCommandThatBreaksDoesNotHoldTheBundleBack() throws IOException {
    Night of = night().journal(1, "migrate", "orders@db1:5432", "create");

    BundleReport report =
        make(
            of,
            longAgo(),
            100_000_000,
            "b.tar.gz",
            (where, streams, arguments) -> {
              streams.out().print("{\"command\":\"" + arguments.get(0) + "\"}");
              streams.out().flush();
              return arguments.contains("verify-state") ? 10 : 0;
            });

    assertThat(report.contents())
        .extracting(BundleReport.Content::name)
        .contains("state/verify-state.json", "state/batch-status.json", "state/audit-verify.json");
    Map<String, String> files = unpacked("b.tar.gz");
    assertThat(files.get(name(files, "/index.html"))).contains("found something: look at it");
  }

  private static String name(Map<String, String> files, String end) {
    return files.keySet().stream().filter(name -> name.endsWith(end)).findFirst().orElseThrow();
  }

  /** By the programs that people unpack such things with. */
  private Map<String, String> unpacked(String archive) throws IOException {
    Path into = Files.createDirectories(folder.resolve(archive + ".out"));
    Path file = folder.resolve(archive);
    Programs.Result result =
        archive.endsWith(".zip")
            ? Programs.run(
                Map.of(), Set.of(), "unzip", "-q", file.toString(), "-d", into.toString())
            : Programs.run(
                Map.of(), Set.of(), "tar", "-xpzf", file.toString(), "-C", into.toString());
    assertThat(result.status()).as(result.err()).isZero();
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(into)) {
      all.filter(Files::isRegularFile)
          .forEach(
              each -> {
                try {
                  files.put(into.relativize(each).toString(), Files.readString(each));
                } catch (IOException cannot) {
                  throw new UncheckedIOException(cannot);
                }
              });
    }
    return files;
  }
}
