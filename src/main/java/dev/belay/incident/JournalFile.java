package dev.belay.incident;

import dev.belay.core.Units;
import dev.belay.journal.JournalEntry;
import dev.belay.journal.JournalHeader;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A journal as far as it can be read: one of a killed run, or of a newer Belay, is shown without
 * what is torn or not known.
 *
 * @param entries in the order in which they were written
 * @param notes what could not be read
 */
record JournalFile(
    Path file, JournalHeader header, List<JournalEntry> entries, List<String> notes) {
  /** More steps are counted and not kept. */
  static final int MOST_ENTRIES = 5_000;

  private static final int LONGEST_LINE = 1 << 18;
  private static final Instant END_OF_TIME = Instant.parse("9999-01-01T00:00:00Z");

  JournalFile {
    entries = List.copyOf(entries);
    notes = List.copyOf(notes);
  }

  /** How a journal says that its run came to its end; empty: it does not. */
  Optional<JournalEntry> end() {
    return entries.stream()
        .filter(
            entry ->
                entry.step().equals(JournalEntry.ENDED)
                    || entry.step().equals(JournalEntry.SETTLED))
        .reduce((older, newer) -> newer);
  }

  /**
   * Reads it; empty when its first line is that of no journal.
   *
   * @throws IOException when it cannot be read
   */
  static Optional<JournalFile> read(Path file) throws IOException {
    return read(file, MOST_ENTRIES);
  }

  /** Only its first line. */
  static Optional<JournalHeader> header(Path file) throws IOException {
    return read(file, 0).map(JournalFile::header);
  }

  private static Optional<JournalFile> read(Path file, int most) throws IOException {
    Reading reading = new Reading(most);
    Lines.each(file, 0, LONGEST_LINE, reading::line);
    JournalHeader header = reading.header;
    return header == null
        ? Optional.empty()
        : Optional.of(new JournalFile(file, header, reading.entries, reading.notes(file)));
  }

  private static final class Reading {
    private final int most;
    private final List<JournalEntry> entries = new ArrayList<>();
    private @Nullable JournalHeader header;
    private long unreadable;
    private long tooMany;
    private boolean torn;

    Reading(int most) {
      this.most = most;
    }

    boolean line(Lines.Line line) {
      if (header == null) {
        header = headerOf(line.text());
        return header != null && most > 0;
      }
      if (entries.size() >= most) {
        // The end counts even so.
        tooMany++;
        entry(line.text()).filter(Reading::ends).ifPresent(entries::add);
        return true;
      }
      Optional<JournalEntry> entry = entry(line.text());
      entry.ifPresent(entries::add);
      if (entry.isEmpty() && line.ended()) {
        unreadable++;
      } else if (entry.isEmpty()) {
        torn = true;
      }
      return true;
    }

    private static boolean ends(JournalEntry entry) {
      return entry.step().equals(JournalEntry.ENDED) || entry.step().equals(JournalEntry.SETTLED);
    }

    private List<String> notes(Path file) {
      List<String> notes = new ArrayList<>();
      JournalHeader found = header;
      if (found != null && found.journal() > JournalHeader.VERSION) {
        notes.add(
            "the journal %s is of a newer belay (form %d, and this one knows form %d): what is not known here is left out"
                .formatted(file, found.journal(), JournalHeader.VERSION));
      }
      if (torn) {
        notes.add(
            "the last line of the journal %s was cut by a crash: its step had not begun"
                .formatted(file));
      }
      if (unreadable > 0) {
        notes.add(
            "%s of the journal %s could not be read"
                .formatted(Units.count(unreadable, "line", "lines"), file));
      }
      if (tooMany > 0) {
        notes.add(
            "%s of the journal %s are left out"
                .formatted(Units.count(tooMany, "later step", "later steps"), file));
      }
      return notes;
    }
  }

  private static @Nullable JournalHeader headerOf(String line) {
    try {
      JsonNode tree = Json.MAPPER.readTree(line);
      if (!tree.path("journal").isInt() || !tree.path("run").isString()) {
        return null;
      }
      return new JournalHeader(
          tree.path("journal").asInt(),
          tree.path("run").asString(),
          tree.path("command").asString("an unknown command"),
          tree.path("target").asString(""),
          tree.path("host").asString(""),
          tree.path("pid").asLong(-1),
          tree.path("processStartedMillis").asLong(0),
          tree.path("user").asString(""),
          instant(tree.path("at")).orElse(Instant.EPOCH));
    } catch (JacksonException other) {
      return null;
    }
  }

  private static Optional<JournalEntry> entry(String line) {
    try {
      JsonNode tree = Json.MAPPER.readTree(line);
      Optional<Instant> at = instant(tree.path("at"));
      if (at.isEmpty() || !tree.path("step").isString()) {
        return Optional.empty();
      }
      Map<String, String> facts = new LinkedHashMap<>();
      tree.path("facts")
          .properties()
          .forEach(
              fact ->
                  facts.put(
                      fact.getKey(),
                      fact.getValue().isString()
                          ? fact.getValue().asString()
                          : fact.getValue().toString()));
      return Optional.of(new JournalEntry(at.get(), tree.path("step").asString(), facts));
    } catch (JacksonException torn) {
      return Optional.empty();
    }
  }

  /** Whether something may have happened then: what is garbled may be a billion years away. */
  static boolean isPossible(@Nullable Instant at) {
    return at != null && !at.isBefore(Instant.EPOCH) && at.isBefore(END_OF_TIME);
  }

  /** A moment as Belay writes it. */
  static Optional<Instant> instant(JsonNode node) {
    if (!node.isString()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(node.asString())).filter(JournalFile::isPossible);
    } catch (DateTimeException other) {
      return Optional.empty();
    }
  }
}
