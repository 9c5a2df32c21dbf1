package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.core.Units;
import dev.belay.report.TextTable;
import dev.belay.report.ToPaste;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one pending migration does, and how risky that is.
 *
 * @param migration its file name without folders and ending
 * @param version empty for a repeatable migration
 * @param file seen from the working directory; empty where it has none of its own
 * @param line of the statement that failed; empty when none did
 * @param replayed whether it was applied in the replay; one that failed there was not, nor those
 *     after it
 * @param inTransaction whether it ran in one transaction
 * @param replayMillis how long it took in the replay, which says nothing of the live database
 * @param risks the gravest first
 * @param losses what live data it destroys
 * @param locks the tables that it locks, the strongest lock first
 * @param notes what could not be seen
 */
public record PendingRisk(
    String migration,
    Optional<String> version,
    String description,
    Optional<String> file,
    Optional<Integer> line,
    RiskLevel level,
    boolean replayed,
    Optional<Boolean> inTransaction,
    Optional<Long> replayMillis,
    List<Risk> risks,
    List<Loss> losses,
    List<LockedTable> locks,
    UndoAnswer undo,
    @ToPaste List<String> notes) {
  private static final int LEVEL_WIDTH = 10;

  public PendingRisk {
    risks = risks.stream().sorted(Comparator.comparing(Risk::level).reversed()).toList();
    losses = List.copyOf(losses);
    locks = List.copyOf(locks);
    notes = List.copyOf(notes);
  }

  /** The same with one more risk. */
  PendingRisk with(Risk risk) {
    List<Risk> more = new ArrayList<>(risks);
    more.add(risk);
    return new PendingRisk(
        migration,
        version,
        description,
        file,
        line,
        RiskLevel.greatest(List.of(level, risk.level())),
        replayed,
        inTransaction,
        replayMillis,
        more,
        losses,
        locks,
        undo,
        notes);
  }

  /** Its gravest risk, for people. */
  @JsonIgnore
  public String worst() {
    if (risks.isEmpty()) {
      return replayed ? "nothing was found" : "not checked";
    }
    return risks.get(0).what();
  }

  /** What it is called at a glance. */
  @JsonIgnore
  public String shownLevel() {
    return replayed || !risks.isEmpty() ? level.name() : "unknown";
  }

  /** The whole of it. */
  @JsonIgnore
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    String took =
        replayMillis
            .map(millis -> ", " + Units.duration(Duration.ofMillis(millis)) + " in the replay")
            .orElse("");
    lines.add(TextTable.visible(migration + ": " + shownLevel() + took));
    for (Risk risk : risks) {
      String padded = risk.level() + " ".repeat(LEVEL_WIDTH - risk.level().name().length());
      lines.add(TextTable.visible("  " + padded + risk.what() + " [" + risk.rule() + "]"));
    }
    if (!locks.isEmpty()) {
      TextTable table = new TextTable("  LOCK", "TABLE", "SIZE", "ROWS", "");
      for (LockedTable lock : locks) {
        table.row("  " + lock.mode(), lock.table(), lock.size(), lock.count(), lock.effect());
      }
      lines.addAll(table.lines());
    }
    lines.add(TextTable.visible("  undo: " + undo.words()));
    undo.notes().forEach(note -> lines.add(TextTable.visible("  note: " + note)));
    notes.forEach(note -> lines.add(TextTable.visible("  note: " + note)));
    return lines;
  }
}
