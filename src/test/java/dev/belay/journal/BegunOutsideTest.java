package dev.belay.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.RunId;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be half done, by the journals of runs that came to no good end. */
class BegunOutsideTest {
  private static final String TARGET = "shop@db:5432";
  private static final BegunOutside INDEX = new BegunOutside("shop", "V3__index.sql");

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
    BegunOutside other = new BegunOutside("billing", "V3__index.sql");
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
    BegunOutside other = new BegunOutside("shop", "V4__other.sql");
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
    BegunOutside other = new BegunOutside("shop", "V4__other.sql");
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

  private Iterable<BegunOutside> begun() {
    return BegunOutside.on(TARGET, folder);
  }

  private static JournalEntry applying(BegunOutside begun) {
    return step("applying", Map.of(Journal.APP, begun.app(), Journal.OUTSIDE, begun.script()));
  }

  private static JournalEntry ended(String outcome) {
    return step(JournalEntry.ENDED, Map.of(Journal.OUTCOME, outcome));
  }

  private static JournalEntry step(String step, Map<String, String> facts) {
    return new JournalEntry(Instant.EPOCH, step, facts);
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

  /** Of a process that is gone: its id was given anew. */
  private void journal(String command, JournalEntry... entries) throws IOException {
    RunId run = RunId.fresh();
    List<String> lines = new ArrayList<>();
    lines.add(
        Json.MAPPER.writeValueAsString(
            new JournalHeader(
                JournalHeader.VERSION,
                run.text(),
                command,
                TARGET,
                ThisProcess.host(),
                ThisProcess.pid(),
                12345,
                "anna",
                Instant.EPOCH)));
    for (JournalEntry entry : entries) {
      lines.add(Json.MAPPER.writeValueAsString(entry));
    }
    Files.write(folder.resolve("20240101_00000%d_%s.jsonl".formatted(journals++, run)), lines);
  }
}
