package dev.belay.journal;

import dev.belay.report.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * A journal as it lies on the disk.
 *
 * @param entries oldest first; a last line that was cut by a crash is left out
 */
record JournalFile(Path file, JournalHeader header, List<JournalEntry> entries) {
  /** The name of a file tells the second only, and many a run begins in the same one. */
  private static final Comparator<JournalFile> OLDEST_FIRST =
      Comparator.comparing((JournalFile journal) -> journal.header().at())
          .thenComparing(JournalFile::file);

  JournalFile {
    entries = List.copyOf(entries);
  }

  /**
   * All of a folder, oldest first.
   *
   * @param notice is told of what cannot be read, such as journals of a newer Belay
   */
  static List<JournalFile> in(Path folder, Consumer<String> notice) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Journal::isOne)
          .flatMap(file -> read(file, notice).stream())
          .sorted(OLDEST_FIRST)
          .toList();
    } catch (IOException unreadable) {
      notice.accept("the journals in " + folder + " cannot be read: " + unreadable);
      return List.of();
    }
  }

  /** Empty when the file is not a journal of this form. */
  static Optional<JournalFile> read(Path file, Consumer<String> notice) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException unreadable) {
      notice.accept("the journal " + file + " cannot be read: " + unreadable);
      return Optional.empty();
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    Optional<JournalHeader> header = header(file, lines.get(0), notice);
    if (header.isEmpty()) {
      return Optional.empty();
    }
    List<JournalEntry> entries = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      try {
        entries.add(Json.MAPPER.readValue(line, JournalEntry.class));
      } catch (JacksonException cut) {
        // The crash came in the middle of this line: its step had not begun.
      }
    }
    return Optional.of(new JournalFile(file, header.get(), entries));
  }

  private static Optional<JournalHeader> header(Path file, String line, Consumer<String> notice) {
    try {
      int version = Json.MAPPER.readTree(line).path("journal").asInt(0);
      if (version > JournalHeader.VERSION) {
        notice.accept(
            "the journal "
                + file
                + " is of a newer belay (form "
                + version
                + ") and is left alone");
        return Optional.empty();
      }
      return Optional.of(Json.MAPPER.readValue(line, JournalHeader.class));
    } catch (JacksonException other) {
      return Optional.empty();
    }
  }

  /** How it ended; empty: it is at work, or it was killed and nobody has settled it. */
  Optional<JournalEntry> last() {
    return entries.stream().filter(JournalEntry::isLast).findFirst();
  }

  /** What it began in no transaction, oldest first; what is without a script began in one. */
  List<BegunOutside> begunOutside() {
    return entries.stream()
        .map(JournalEntry::facts)
        .filter(facts -> facts.containsKey(Journal.OUTSIDE))
        .map(
            facts ->
                new BegunOutside(
                    facts.getOrDefault(Journal.APP, ""),
                    facts.getOrDefault(Journal.OUTSIDE, ""),
                    rank(facts.getOrDefault(Journal.AFTER_RANK, ""))))
        .toList();
  }

  private static OptionalInt rank(String text) {
    try {
      return OptionalInt.of(Integer.parseInt(text));
    } catch (NumberFormatException unknown) {
      return OptionalInt.empty();
    }
  }

  /** The moment of which it restored a backup of this database; empty: of none, or not known. */
  Optional<Instant> takenAt() {
    return entries.stream()
        .flatMap(entry -> Optional.ofNullable(entry.facts().get(Journal.TAKEN_AT)).stream())
        .reduce((older, newer) -> newer)
        .flatMap(JournalFile::instant);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException unknown) {
      return Optional.empty();
    }
  }

  boolean has(String step) {
    return facts(step).isPresent();
  }

  /** The facts of the newest entry with that step. */
  Optional<Map<String, String>> facts(String step) {
    return entries.stream()
        .filter(entry -> entry.step().equals(step))
        .reduce((older, newer) -> newer)
        .map(JournalEntry::facts);
  }

  /** Whether it came to its end with this outcome. */
  boolean endedAs(String outcome) {
    return last().filter(end -> outcome.equals(end.facts().get(Journal.OUTCOME))).isPresent();
  }
}
