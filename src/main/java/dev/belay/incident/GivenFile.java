package dev.belay.incident;

import dev.belay.archive.DurableFiles;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.journal.JournalHeader;
import dev.belay.process.ShellWords;
import dev.belay.report.Json;
import dev.belay.report.Remark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** A file that a report is asked of: what it is, is found out by what is in it. */
final class GivenFile {
  /** A longer one would not fit into memory as a tree. */
  static final long LONGEST_JSON = 8_000_000;

  private static final int FIRST_LINE = 1 << 16;

  private final Settings settings;
  private final Path file;

  GivenFile(Settings settings, Path file) {
    this.settings = settings;
    this.file = file;
  }

  /**
   * All that is known of it and of the run that it belongs to.
   *
   * @throws Failure UNAVAILABLE when it cannot be read; USAGE when a report cannot be made of it
   */
  Account account() {
    try {
      if (!Files.exists(file)) {
        throw Failure.unavailable(
            "there is no file " + file,
            "name a run or a file; see the runs with: belay audit --output json");
      }
      if (Files.isDirectory(file)) {
        throw Failure.usage(
            file + " is a folder", "name one file in it: ls " + ShellWords.quote(file.toString()));
      }
      return read();
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot read %s: %s".formatted(file, DurableFiles.reason(cannot)),
              "see who may read it with: ls -l " + ShellWords.quote(file.toString()))
          .causedBy(cannot);
    }
  }

  private Account read() throws IOException {
    Optional<JournalHeader> journal = JournalFile.header(file);
    if (journal.isPresent()) {
      return ofRun(journal.get().run());
    }
    String head = Lines.head(file, FIRST_LINE);
    String first = head.lines().findFirst().orElse("");
    if (Samples.isBegin(first)) {
      Samples samples =
          Samples.read(file)
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "the monitor's file %s has no samples".formatted(file),
                          "name the run itself: belay report latest"));
      return ofRun(samples.run());
    }
    if (first.contains("\"sequence\":") && first.contains("\"previous\":")) {
      throw Failure.usage(
          file + " is an audit trail, and not one operation",
          "see its operations with: belay audit");
    }
    JsonNode tree = tree();
    if (tree.path("operation").isInt() && tree.path("run").isString()) {
      return ofRun(tree.path("run").asString());
    }
    if (tree.path("durationSeconds").isNumber() && tree.path("samples").isNumber()) {
      Path samples = file.resolveSibling(stem() + ".jsonl");
      if (Files.isRegularFile(samples)) {
        return new GivenFile(settings, samples).account();
      }
    }
    return tree.has("outcome") && tree.path("command").isString() ? answer(tree) : other(tree);
  }

  private Account ofRun(String run) {
    if (!run.matches("[0-9a-f]{12}")) {
      throw Failure.usage(
          "the file %s names no run of belay".formatted(file), "name a run: belay report latest");
    }
    return new RunAccount(RunFiles.read(settings, run, Optional.of(file))).account();
  }

  private JsonNode tree() throws IOException {
    if (Files.size(file) > LONGEST_JSON) {
      throw Failure.usage(
          "%s has %s, and a report is made of %s at most"
              .formatted(file, Units.bytes(Files.size(file)), Units.bytes(LONGEST_JSON)),
          "name the run itself: belay report latest");
    }
    try {
      JsonNode tree = Json.MAPPER.readTree(Files.readAllBytes(file));
      if (tree.isObject()) {
        return tree;
      }
    } catch (JacksonException torn) {
      throw Failure.usage(
              "%s is neither a journal, nor samples of the monitor, nor whole JSON".formatted(file),
              "name a run, or a file that belay wrote: belay report latest")
          .causedBy(torn);
    }
    throw Failure.usage(
        file + " is JSON, but no answer or report of belay",
        "name a run, or a file that belay wrote: belay report latest");
  }

  private Account answer(JsonNode tree) {
    String command = tree.path("command").asString();
    List<String> missing = new ArrayList<>();
    if (tree.path("schema").asInt(1) > 1) {
      missing.add("the answer is of a newer belay: what is not known here is shown as it is");
    }
    missing.add("an answer names no run: its journal and its log were not looked for");
    List<Fact> facts = new ArrayList<>();
    Optional<Instant> begun = JournalFile.instant(tree.path("startedAt"));
    begun.ifPresent(at -> facts.add(new Fact("begun", Units.moment(at))));
    if (tree.path("durationMillis").isNumber()) {
      facts.add(
          new Fact(
              "took", Units.duration(Duration.ofMillis(tree.path("durationMillis").asLong()))));
    }
    facts.add(new Fact("file", file.toString()));
    JsonNode error = tree.path("error");
    List<Remark> remarks = new ArrayList<>();
    for (JsonNode each : tree.path("remarks")) {
      remarks.add(
          new Remark(
              each.path("kind").asString(""),
              each.path("name").asString(""),
              each.path("result").asString(""),
              each.path("problem").asBoolean(false)));
    }
    JsonNode result = tree.path("result");
    return account(
        "Answer",
        "belay " + command,
        Verdict.of(
            tree.path("outcome").asString(""),
            tree.path("exitStatus").isInt() ? tree.path("exitStatus").asInt() : null,
            tree.path("databaseChanged").isBoolean()
                ? tree.path("databaseChanged").asBoolean()
                : null),
        facts,
        error.isObject()
            ? new KeptOperation.Problem(
                error.path("message").asString(""),
                error.path("state").asString(""),
                error.path("hint").asString(""))
            : null,
        remarks,
        result.isObject() ? result : null,
        missing);
  }

  private Account other(JsonNode tree) {
    Optional<String> title =
        Phases.word(tree, "command", "kind", "title", "drill", "target", "database");
    boolean reconciliation = tree.has("passes") && tree.has("reconciled");
    List<Fact> facts = new ArrayList<>();
    JournalFile.instant(tree.path("startedAt"))
        .or(() -> JournalFile.instant(tree.path("drilledAt")))
        .or(() -> JournalFile.instant(tree.path("at")))
        .ifPresent(at -> facts.add(new Fact("of", Units.moment(at))));
    facts.add(new Fact("file", file.toString()));
    List<String> missing = new ArrayList<>();
    Path page = file.resolveSibling(stem() + ".html");
    if (reconciliation && Files.isRegularFile(page)) {
      missing.add("rows and values are in the page of the reconciliation itself: " + page);
    }
    return account(
        reconciliation ? "Reconciliation" : tree.has("drilledAt") ? "Drill" : "File",
        title.orElse(String.valueOf(file.getFileName())),
        verdict(tree),
        facts,
        null,
        List.of(),
        tree,
        missing);
  }

  private static Verdict verdict(JsonNode tree) {
    if (tree.path("outcome").isString()) {
      return Verdict.of(tree.path("outcome").asString(), null, null);
    }
    String verdict = tree.path("verdict").asString("");
    if (!verdict.isEmpty()) {
      return verdict.equals("proven")
          ? new Verdict("good", "✓", "The file says: proven.")
          : Verdict.open("The file says: " + verdict + ".");
    }
    for (String name : List.of("reconciled", "proven", "passed", "ready", "unbroken")) {
      if (tree.path(name).isBoolean()) {
        return tree.path(name).asBoolean()
            ? new Verdict("good", "✓", "The file says: " + name + ".")
            : Verdict.open("The file says: not " + name + ".");
      }
    }
    return Verdict.neutral("The file says nothing about how it ended.");
  }

  private Account account(
      String kind,
      String title,
      Verdict verdict,
      List<Fact> facts,
      KeptOperation.@Nullable Problem error,
      List<Remark> remarks,
      @Nullable JsonNode answer,
      List<String> missing) {
    return new Account(
        kind,
        title,
        stem(),
        verdict,
        facts,
        error,
        List.of(),
        answer == null ? List.of() : Phases.of(answer),
        List.of(),
        List.of(),
        List.of(),
        remarks,
        List.of(),
        List.of(),
        List.of(),
        answer,
        null,
        List.of(new Fact("file", file.toString())),
        missing);
  }

  private String stem() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? name : name.substring(0, dot);
  }
}
