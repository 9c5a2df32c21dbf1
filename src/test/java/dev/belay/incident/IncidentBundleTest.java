package dev.belay.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.cli.Progress;
import dev.belay.cli.Terminal;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.report.Json;
import dev.belay.support.Programs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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
    Pattern.compile("[A-Za-z0-9+/_-]{12,}")
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
  void whatHasNoSecretIsCopiedByteByByteWhateverItsForm() throws IOException {
    String manifest = "{\"size\":1.10000000000000000000000001,\r\n  \"a\" : [ 1,2 ]}";
    String half = "{\"a\":\"\\ud800 alone\",\"token\":\"hidden-one\"}";
    Night of =
        night()
            .file("backups/b1/manifest.json", manifest)
            .file("conflict_reports/windows.md", "one\r\ntwo\r\nthree")
            .file("conflict_reports/half.json", half);
    Files.write(folder.resolve("conflict_reports/old.txt"), new byte[] {'a', (byte) 0xe4, '\n'});

    make(of, longAgo(), 100_000_000, "b.zip");

    Map<String, String> files = unpacked("b.zip", StandardCharsets.ISO_8859_1);
    assertThat(files.get(name(files, "/manifest.json"))).isEqualTo(manifest);
    assertThat(files.get(name(files, "/windows.md"))).isEqualTo("one\r\ntwo\r\nthree");
    assertThat(files.get(name(files, "/old.txt"))).isEqualTo("a\u00e4\n");
    assertThat(files.get(name(files, "/half.json"))).contains("alone").doesNotContain("hidden");
  }

  @Test
  void aKeyOverManyLinesIsInNothing() throws IOException {
    List<String> key =
        List.of(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----",
            "Proc-Type: 4,ENCRYPTED",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
            "c2hvcnQ=",
            "-----END ENCRYPTED PRIVATE KEY-----");
    StringBuilder log = new StringBuilder();
    for (String line : key) {
      log.append("2026-11-01 02:30:01.000 - DEBUG - Hooks - hooks.migrate.before: " + line + "\n");
      log.append("2026-11-01 02:30:01.001 - INFO - Monitor - all is well here\n");
    }
    log.append("2026-11-01 02:30:01.002 - INFO - x - -----BEGIN PRIVATE KEY----- is a table\n");
    log.append("2026-11-01 02:30:01.003 - INFO - x - and this is the evidence\n");
    String lines = Json.MAPPER.writeValueAsString(key);
    Night of =
        night()
            .journal(1, "migrate", "orders@db1:5432", "create")
            .file("belay.log", log.toString())
            .file(
                ".belay/journal/operations/20261101_023000_" + Night.RUN + ".json",
                """
                {"operation":1,"run":"%s","command":"migrate","arguments":"","database":"orders",
                 "startedAt":"2026-11-01T02:30:00Z","plans":[%s],"told":[],
                 "ended":{"at":"2026-11-01T02:30:03Z","outcome":"OK","exitStatus":0,"durationMillis":3000,
                  "remarks":[],"lines":%s,"answer":{"lines":%s,"rows":[%s]}}}
                """
                    .formatted(
                        Night.RUN,
                        lines,
                        lines,
                        lines,
                        key.stream()
                            .map(line -> "{\"at\":1,\"line\":\"" + line + "\"}")
                            .collect(Collectors.joining(","))));

    make(of, longAgo(), 100_000_000, "b.tar.gz");

    Map<String, String> files = unpacked("b.tar.gz");
    files.forEach(
        (name, text) -> assertThat(text).as(name).doesNotContain("MIIEvQIBADAN", "c2hvcnQ="));
    for (String file : List.of("/belay.log", "/pages/" + Night.RUN + ".html")) {
      assertThat(files.get(name(files, file)))
          .contains("all is well here", "and this is the evidence", "BEGIN ENCRYPTED PRIVATE KEY");
    }
    assertThat(files.get(name(files, "operations/20261101_023000_" + Night.RUN + ".json")))
        .contains("BEGIN ENCRYPTED", "****");
  }

  @Test
  void whatTheLogMasksIsMaskedHereToo() throws IOException {
    Night of =
        night()
            .with("DB_PASS", "kanarienvogel1")
            .with("MYSQL_PWD", "kanarienvogel2")
            .with("PWD", folder.toString())
            .file(
                "conflict_reports/a.txt",
                """
                Authorization: GenieKey canary-a
                https://canary-b@git.example/x
                password=canary,-c credential=canary-d private_key=canary-e DB_PASS=canary-f
                curl -u app:canary-g https://h/x and docker run -u 1000:1000
                kanarienvogel1 kanarienvogel2
                """)
            .file(
                "conflict_reports/a.json",
                "{\"passphrase\":\"canary-h\",\"tokens\":[\"canary-i\",[\"canary-j\"]],\"pass\":1234567}")
            .file(
                "conflict_reports/a.html",
                "<td>password=canary-k</td><td>Authorization: Token canary-l</td><td>here</td>");

    make(of, longAgo(), 100_000_000, "b.tar.gz");

    Map<String, String> files = unpacked("b.tar.gz");
    files.forEach(
        (name, text) ->
            assertThat(text).as(name).doesNotContain("canary", "kanarien", "1234567", ",-c"));
    assertThat(files.get(name(files, "/a.txt")))
        .contains("git.example/x", "-u app:****", "docker run -u 1000:1000");
    assertThat(files.get(name(files, "/a.html"))).contains("</td><td>here</td>");
    assertThat(files.get(name(files, "/index.html"))).contains(folder.getFileName().toString());
  }

  @Test
  void whatCannotBeReadIsNamedAndTheRestIsThere() throws IOException {
    Night of =
        night()
            .journal(
                1,
                "migrate",
                "orders@db1:5432",
                "create",
                "{\"at\":\"+999999999-01-01T00:00:00Z\",\"step\":\"restore\"}")
            .file(
                ".belay/journal/operations/20261101_023000_" + Night.RUN + ".json",
                "{\"operation\":9,\"run\":\"" + Night.RUN + "\",\"form\":\"of tomorrow\"}")
            .file("conflict_reports/a.md", "a");
    Staging staging = new Staging(folder.resolve("staged"));
    assertThatThrownBy(() -> staging.put(into -> into.write(new byte[20]), 10, "it is too long"))
        .isInstanceOf(Staging.TooLong.class);
    staging.close();

    BundleReport report = make(of, longAgo(), 100_000_000, "b.tar.gz");

    assertThat(report.contents())
        .extracting(BundleReport.Content::name)
        .contains("reports/a.md", "pages/" + Night.RUN + ".html");
    assertThat(of.account().missing())
        .anyMatch(note -> note.startsWith("its plan and its answer are in a form that this belay"));
    assertThat(of.account().timeline()).extracting(Happening::what).containsExactly("create");
  }

  @Test
  void aSourceThatBreaksIsLeftOutAndAFullDiskIsAFailure() throws IOException {
    List<String> missing = new ArrayList<>();
    Packing packing =
        new Packing(
            folder.resolve("b.zip"), OutputStream.nullOutputStream(), "b", 200_000, missing);
    packing.add(item("a.txt", into -> into.write('a')));
    packing.add(
        item(
            "b.txt",
            into -> {
              into.write(new byte[100_000]);
              throw new IOException("Input/output error");
            }));
    packing.add(
        item(
            "c.txt",
            into -> {
              throw new IllegalStateException("Comparison method violates its contract");
            }));
    packing.add(item("d.txt", into -> into.write(new byte[300_000])));
    packing.add(item("e.txt", into -> into.write('e')));

    assertThat(packing.contents())
        .extracting(BundleReport.Content::name)
        .containsExactly("a.txt", "e.txt");
    assertThat(missing)
        .contains(
            "b.txt is left out: it could not be read: Input/output error",
            "d.txt is left out: all would be more than 200 kB")
        .anyMatch(note -> note.startsWith("c.txt is left out: it could not be read"));
    assertThatThrownBy(
            () ->
                packing.add(
                    item(
                        "f",
                        into -> {
                          throw new UncheckedIOException(
                              new Staging.Unwritable(new IOException("No space left on device")));
                        })))
        .hasMessage("No space left on device");
    packing.close();
  }

  private static Item item(String name, Item.Content content) {
    return new Item(name, "of a test", 1, Instant.EPOCH, 1, content);
  }

  @Test
  void twoOfOneNameDoNotMix() throws IOException {
    Path file = folder.resolve("one.txt");
    Path abandoned = folder.resolve(".one.txt.4000000-0123abcd.partial");
    Files.writeString(abandoned, "of a killed process");
    Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    assertThatThrownBy(
            () ->
                NewFile.write(
                    file,
                    slow -> {
                      slow.write('s');
                      assertThat(NewFile.write(file, quick -> quick.write('q'))).isEqualTo(1);
                      slow.write('s');
                    }))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.REFUSED));

    assertThat(file).hasContent("q");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
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
  @Timeout(120)
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
            "basic a",
            " -u a:",
            "_pwd",
            "pass\"",
            "-----BEGIN PRIVATE KEY-----(",
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
    return unpacked(archive, StandardCharsets.UTF_8);
  }

  private Map<String, String> unpacked(String archive, Charset charset) throws IOException {
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
                  files.put(into.relativize(each).toString(), Files.readString(each, charset));
                } catch (IOException cannot) {
                  throw new UncheckedIOException(cannot);
                }
              });
    }
    return files;
  }
}
