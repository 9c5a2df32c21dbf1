package dev.belay.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.RunId;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be half done, by the journals of runs that came to no good end. */
class BegunOutsideTest {
  private static final String TARGET = "shop@db:5432";
  private static final BegunOutside INDEX = outside("shop", "V3__index.sql");

  @TempDir private Path folder = Path.of("");
  private int journals;

  @Test
  void itIsKeptThroughLaterSteps() throws IOException {
    journal("migrate", applying(INDEX), step("recovery", Map.of("policy", "undo")));

    assertThat(begun()).containsExactly(INDEX);
    assertThat(BegunOutside.on("other@db:5432", folder)).isEmpty();
  }

  @Test
  void aRunThatEndedIncompleteOrWasSettledLeavesIt() throws IOException {
    BegunOutside other = outside("billing", "V3__index.sql");
    journal("migrate", applying(INDEX), ended(Journal.INCOMPLETE));
    journal("migrate", applying(other), step(JournalEntry.SETTLED, Map.of("by", "x")));

    assertThat(begun()).containsExactlyInAnyOrder(INDEX, other);
  }

  @Test
  void aRunThatKnowsHowItEndedLeavesNone() throws IOException {
    journal("migrate", applying(INDEX), ended("failed"));
    journal("migrate", applying(INDEX), ended(Journal.OK));
    journal(
        "migrate",
        applying(INDEX),
        step("recorded", Map.of(Journal.OUTSIDE, "")),
        ended(Journal.INCOMPLETE));
    journal("create-backup", step("backup", Map.of()));

    assertThat(begun()).isEmpty();
  }

  @Test
  void itIsOverWhenALaterRunAppliedIt() throws IOException {
    BegunOutside other = outside("shop", "V4__other.sql");
    journal("migrate", applying(INDEX));
    journal("migrate", applying(INDEX), ended(Journal.OK));
    assertThat(begun()).isEmpty();

    journal("migrate", applying(INDEX), ended(Journal.INCOMPLETE));
    journal("migrate", applying(INDEX), applying(other), ended(Journal.INCOMPLETE));
    assertThat(begun()).containsExactly(other);
  }

  @Test
  void itIsNotOverWhenALaterRunOnlyPutItBack() throws IOException {
    journal("migrate", applying(INDEX));
    journal("migrate", applying(INDEX), ended(Journal.FAILED));

    assertThat(begun()).containsExactly(INDEX);
  }

  @Test
  void itIsNotOverInADatabaseThatIsKept() throws IOException {
    journal("migrate", applying(INDEX));
    swapped("shop_new_1", "shop_replaced_1");
    journal("migrate", applying(INDEX), ended(Journal.OK));
    swapped("shop_replaced_1", "shop_replaced_2");

    assertThat(begun()).containsExactly(INDEX);
  }

  @Test
  void itGoesWithTheDatabaseAndComesBackWithIt() throws IOException {
    journal("migrate", applying(INDEX));
    swapped("shop_new_1", "shop_replaced_1");
    assertThat(begun()).isEmpty();

    swapped("shop_replaced_1", "shop_replaced_2");
    assertThat(begun()).containsExactly(INDEX);

    journal("backup-restore", step(Journal.IN_PLACE, Map.of()), ended("failed"));
    assertThat(begun()).containsExactly(INDEX);
    journal("backup-restore", step(Journal.IN_PLACE, Map.of()), ended(Journal.OK));
    assertThat(begun()).isEmpty();
  }

  @Test
  void itIsOverWhenTheRestoreInPlaceWasCommittedThoughTheRunFailed() throws IOException {
    journal("migrate", applying(INDEX));
    journal(
        "backup-restore",
        step(Journal.IN_PLACE, Map.of()),
        step(Journal.RESTORED_IN_PLACE, Map.of()),
        ended(Journal.FAILED));

    assertThat(begun()).isEmpty();
  }

  @Test
  void eachDatabaseHasItsOwn() throws IOException {
    BegunOutside other = outside("shop", "V4__other.sql");
    journal("migrate", applying(INDEX));
    swapped("shop_new_1", "shop_replaced_1");
    journal("migrate", applying(other));
    assertThat(begun()).containsExactly(other);

    swapped("shop_replaced_1", "shop_replaced_2");
    assertThat(begun()).containsExactly(INDEX);
    swapped("shop_replaced_2", "shop_replaced_3");
    assertThat(begun()).containsExactly(other);
    swapped("shop_new_2", "shop_replaced_4");
    assertThat(begun()).isEmpty();
    swapped("shop_replaced_3", "shop_replaced_5");
    assertThat(begun()).containsExactly(INDEX);
  }

  @Test
  void whatARunReplacedKeepsWhatThatRunLeft() throws IOException {
    journal(
        "migrate",
        applying(INDEX),
        swapBegun("shop_new_1", "shop_replaced_1"),
        step(Journal.SWAPPED, Map.of()),
        ended(Journal.FAILED));
    assertThat(begun()).isEmpty();

    swapped("shop_replaced_1", "shop_replaced_2");
    assertThat(begun()).containsExactly(INDEX);
  }

  @Test
  void theBackupFromBeforeARunBringsBackWhatWasHalfDoneThen() throws IOException {
    BegunOutside other = outside("shop", "V4__other.sql");
    for (String outcome : List.of(Journal.FAILED, Journal.INCOMPLETE, "restored")) {
      journal("migrate", applying(INDEX), ended(Journal.INCOMPLETE));
      int run = journals;
      journal(
          "migrate",
          step("backed-up", Map.of("backup", "b")),
          applying(INDEX),
          applying(other),
          restoring(moment(run, 1)),
          swapBegun("shop_new_" + run, "shop_replaced_" + run),
          step(Journal.SWAPPED, Map.of()),
          ended(outcome));

      assertThat(begun()).as(outcome).containsExactly(INDEX);
    }
  }

  @Test
  void aBackupIsAsHalfDoneAsTheDatabaseWasWhenItWasMade() throws IOException {
    BegunOutside other = outside("shop", "V4__other.sql");
    journal("migrate", ended(Journal.OK));
    journal("migrate", step("backed-up", Map.of()), applying(INDEX), ended(Journal.INCOMPLETE));
    journal("migrate", step("backed-up", Map.of()), applying(INDEX), applying(other));

    restored(moment(1, 1));
    assertThat(begun()).isEmpty();
    restored(moment(1, 50));
    assertThat(begun()).containsExactly(INDEX);
    restored(moment(2, 1));
    assertThat(begun()).containsExactly(INDEX);
    restored(moment(2, 50));
    assertThat(begun()).containsExactly(other);
    journal(
        "backup-restore",
        step(Journal.IN_PLACE, Map.of(Journal.TAKEN_AT, moment(1, 50).toString())),
        step(Journal.RESTORED_IN_PLACE, Map.of()),
        ended(Journal.OK));
    assertThat(begun()).containsExactly(INDEX);
    swapped("shop_new_x", "shop_replaced_x");
    assertThat(begun()).isEmpty();
  }

  @Test
  void itIsOverWhenALostDatabaseWasMadeAnewFromABackupFromBefore() throws IOException {
    journal("migrate", step("backed-up", Map.of()), applying(INDEX));

    journal("backup-restore", installed("shop_copy"), ended(Journal.OK));
    assertThat(begun()).containsExactly(INDEX);
    journal("backup-restore", restoring(moment(0, 50)), installed("shop"), ended(Journal.OK));
    assertThat(begun()).containsExactly(INDEX);
    journal("backup-restore", restoring(moment(0, 1)), installed("shop"), ended(Journal.OK));
    assertThat(begun()).isEmpty();

    journal("migrate", applying(INDEX));
    journal("backup-restore", installed("shop"), ended(Journal.OK));
    assertThat(begun()).isEmpty();
  }

  @Test
  void runsOfOneSecondAreReadInTheirOrder() throws IOException {
    Instant second = Instant.parse("2024-01-01T00:00:00Z");
    write(
        "20240101_000000_b.jsonl",
        header("migrate", second.plusMillis(1)),
        List.of(applying(INDEX)));
    write(
        "20240101_000000_a.jsonl",
        header("backup-restore", second.plusMillis(2)),
        List.of(
            swapBegun("shop_new_1", "shop_replaced_1"),
            step(Journal.SWAPPED, Map.of()),
            ended(Journal.OK)));
    assertThat(begun()).isEmpty();
    assertThat(UnfinishedRun.in(folder, unreadable -> {})).hasSize(1);

    write("20240101_000000_d.jsonl", header("migrate", second.plusMillis(3)), List.of());
    write("20240101_000000_c.jsonl", header("migrate", second.plusMillis(3)), List.of());
    assertThat(UnfinishedRun.in(folder, unreadable -> {}))
        .extracting(run -> String.valueOf(run.file().getFileName()).charAt(16))
        .containsExactly('b', 'c', 'd');
  }

  @Test
  void whatIsNoJournalIsPassedOver() throws IOException {
    Path journal = journal("migrate", applying(INDEX));
    List<String> others =
        List.of(
            "",
            "{}",
            "[]",
            "no journal",
            Json.MAPPER
                .writeValueAsString(header("migrate", Instant.EPOCH))
                .replaceFirst(",\"at\":\"[^\"]*\"", ""));
    for (String other : others) {
      Files.writeString(
          folder.resolve("2023_%d.jsonl".formatted(others.indexOf(other))), other + "\n{}\n");
    }
    Files.writeString(journal, "{\"step\":\"applying\"}\n{}\n", StandardOpenOption.APPEND);

    assertThat(begun()).containsExactly(INDEX);
  }

  @Test
  void theNewestBeginningCounts() throws IOException {
    journal("migrate", applying(INDEX, "4"));
    journal("migrate", applying(INDEX, "7"));
    assertThat(begun())
        .containsExactly(new BegunOutside("shop", INDEX.script(), OptionalInt.of(7)));

    journal("migrate", applying(INDEX, "9"), ended(Journal.OK));
    assertThat(begun()).isEmpty();
  }

  private static BegunOutside outside(String app, String script) {
    return new BegunOutside(app, script, OptionalInt.empty());
  }

  private Iterable<BegunOutside> begun() {
    return BegunOutside.on(TARGET, folder);
  }

  private static JournalEntry applying(BegunOutside begun) {
    return step("applying", Map.of(Journal.APP, begun.app(), Journal.OUTSIDE, begun.script()));
  }

  private static JournalEntry applying(BegunOutside begun, String rank) {
    return step(
        "applying",
        Map.of(
            Journal.APP, begun.app(), Journal.OUTSIDE, begun.script(), Journal.AFTER_RANK, rank));
  }

  private static JournalEntry restoring(Instant takenAt) {
    return step("restore", Map.of(Journal.TAKEN_AT, takenAt.toString()));
  }

  private static JournalEntry installed(String database) {
    return step(Journal.INSTALLED, Map.of(Journal.DATABASE, database));
  }

  private static JournalEntry ended(String outcome) {
    return step(JournalEntry.ENDED, Map.of(Journal.OUTCOME, outcome));
  }

  private static JournalEntry step(String step, Map<String, String> facts) {
    return new JournalEntry(Instant.EPOCH, step, facts);
  }

  /** The moment so many seconds after the beginning of a run. */
  private static Instant moment(int journal, int seconds) {
    return Instant.EPOCH.plus(Duration.ofMinutes(journal)).plusSeconds(seconds);
  }

  private void restored(Instant takenAt) throws IOException {
    journal(
        "backup-restore",
        restoring(takenAt),
        swapBegun("shop_new_" + journals, "shop_replaced_" + journals),
        step(Journal.SWAPPED, Map.of()),
        ended(Journal.OK));
  }

  private void swapped(String replacement, String replaced) throws IOException {
    journal(
        "backup-restore",
        swapBegun(replacement, replaced),
        step(Journal.SWAPPED, Map.of()),
        ended(Journal.OK));
  }

  private static JournalEntry swapBegun(String replacement, String replaced) {
    return step(
        Journal.SWAP_BEGUN, Map.of(Journal.REPLACEMENT, replacement, Journal.REPLACED, replaced));
  }

  /** Each a minute after the one before, and each of its steps two seconds after the one before. */
  private Path journal(String command, JournalEntry... entries) throws IOException {
    List<JournalEntry> dated = new ArrayList<>();
    for (JournalEntry entry : entries) {
      Instant at = moment(journals, 2 * (dated.size() + 1));
      dated.add(new JournalEntry(at, entry.step(), entry.facts()));
    }
    JournalHeader header = header(command, moment(journals, 0));
    return write("20240101_00000%d_%s.jsonl".formatted(journals++, header.run()), header, dated);
  }

  /** Of a process that is gone: its id was given anew. */
  private static JournalHeader header(String command, Instant at) {
    return new JournalHeader(
        JournalHeader.VERSION,
        RunId.fresh().text(),
        command,
        TARGET,
        ThisProcess.host(),
        ThisProcess.pid(),
        12345,
        "anna",
        at);
  }

  private Path write(String name, JournalHeader header, List<JournalEntry> entries)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(Json.MAPPER.writeValueAsString(header));
    for (JournalEntry entry : entries) {
      lines.add(Json.MAPPER.writeValueAsString(entry));
    }
    return Files.write(folder.resolve(name), lines);
  }
}
