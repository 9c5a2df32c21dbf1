package dev.belay.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.RunId;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  @TempDir private Path home = Path.of("");
  private final List<String> notices = new ArrayList<>();

  @Test
  void aRunThatIsAtWorkIsNotUnfinished() {
    try (Journal journal = Journal.begin(folder(), RunId.fresh(), "restore", "a@b:1")) {
      journal.step("one");
      assertThat(unfinished()).isEmpty();
    }
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void aDeadRunIsFoundWithItsFactsUntilItIsSettled() throws IOException {
    RunId run = RunId.fresh();
    Path file = dead(run, "swap-begun", Map.of("live", "a\n\"b"));
    Files.writeString(file, "{\"at\":\"2024-01-", StandardOpenOption.APPEND);

    List<UnfinishedRun> found = unfinished();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).run()).isEqualTo(run);
    assertThat(found.get(0).lastStep()).isEqualTo("swap-begun");
    assertThat(found.get(0).facts("swap-begun")).hasValue(Map.of("live", "a\n\"b"));

    found.get(0).settle(RunId.fresh());
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void hintsAreWrittenForWhoeverPastesThem() throws IOException {
    try (Journal journal =
        Journal.begin(
            folder(), RunId.fresh(), "restore", "a@b:1", hint -> hint + " --config other")) {
      journal.step("one", Map.of(Journal.HINT, "belay verify-state", "two", "belay verify-state"));
    }

    try (var files = Files.list(folder())) {
      assertThat(Files.readAllLines(files.findFirst().orElseThrow()).get(1))
          .contains("\"hint\":\"belay verify-state --config other\"")
          .contains("\"two\":\"belay verify-state\"");
    }
  }

  @Test
  void anEndedRunOfADeadProcessIsFinished() throws IOException {
    dead(RunId.fresh(), JournalEntry.ENDED, Map.of());
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void aRunLeftOpenIsFoundWhenItsProcessIsGone() throws IOException {
    try (Journal journal = Journal.begin(folder(), RunId.fresh(), "restore", "a@b:1")) {
      journal.step("swap-begun");
      journal.leaveOpen();
    }
    try (var files = Files.list(folder())) {
      Path file = files.findFirst().orElseThrow();
      List<String> lines = Files.readAllLines(file);
      assertThat(lines).hasSize(2);
    }
  }

  @Test
  void aJournalOfANewerBelayIsLeftAloneAndReported() throws IOException {
    Files.createDirectories(folder());
    Files.writeString(folder().resolve("20990101_000000_abc.jsonl"), "{\"journal\":99}\n");
    assertThat(unfinished()).isEmpty();
    assertThat(notices).singleElement().asString().contains("newer belay (form 99)");
  }

  @Test
  void garbageIsNotAJournal() throws IOException {
    Files.createDirectories(folder());
    Files.write(folder().resolve("x.jsonl"), new byte[] {1, 2, (byte) 0xff, '\n', 0});
    Files.writeString(folder().resolve("y.jsonl"), "");
    Files.writeString(folder().resolve("z.jsonl"), "[[[[");
    assertThat(unfinished()).isEmpty();
  }

  @Test
  void onlyTheOwnerMayReadIt() throws IOException {
    try (Journal journal = Journal.begin(folder(), RunId.fresh(), "restore", "a@b:1");
        var files = Files.list(folder())) {
      journal.step("one");
      assertThat(mode(folder())).isEqualTo("rwx------");
      assertThat(mode(files.findFirst().orElseThrow())).isEqualTo("rw-------");
    }
  }

  @Test
  void saysWhenItCannotBeWritten() throws IOException {
    Path file = Files.createFile(home.resolve("file"));
    assertThatThrownBy(() -> Journal.begin(file.resolve("x"), RunId.fresh(), "restore", "a@b:1"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
  }

  @Test
  void theHolderSurvivesBeingAComment() {
    Holder holder = Holder.here(RunId.fresh(), "x */ drop table t; /* ? 'Ü\n");
    String comment = holder.comment();
    assertThat(comment.indexOf("*/")).isEqualTo(comment.length() - 2);
    assertThat(comment.lastIndexOf("/*")).isZero();
    assertThat(Holder.read(comment + " select 1")).hasValue(holder);
    assertThat(Holder.read("select 1")).isEmpty();
    assertThat(Holder.read(comment.substring(0, 40))).isEmpty();
  }

  private Path dead(RunId run, String step, Map<String, String> facts) throws IOException {
    // The process id of this test with another start time: the id was given anew.
    JournalHeader header =
        new JournalHeader(
            1,
            run.text(),
            "backup-restore",
            "orders@db:5432",
            ThisProcess.host(),
            ThisProcess.pid(),
            12345,
            "anna",
            Instant.EPOCH);
    Files.createDirectories(folder());
    Path file = folder().resolve("20240101_000000_" + run + ".jsonl");
    String lines =
        Json.MAPPER.writeValueAsString(header)
            + "\n"
            + Json.MAPPER.writeValueAsString(new JournalEntry(Instant.EPOCH, step, facts))
            + "\n";
    return Files.writeString(file, lines);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private List<UnfinishedRun> unfinished() {
    return UnfinishedRun.in(folder(), notices::add);
  }

  private Path folder() {
    return home.resolve("backups/.journal");
  }
}
