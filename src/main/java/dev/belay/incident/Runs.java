package dev.belay.incident;

import dev.belay.core.Failure;
import dev.belay.journal.AuditRecord;
import dev.belay.journal.AuditTrail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds runs by the audit trail, the journals and the kept operations. */
final class Runs {
  /** As much of a run's name as tells it from others. */
  static final Pattern NAME = Pattern.compile("[0-9a-f]{4,12}");

  private static final Pattern FILE =
      Pattern.compile("(\\d{8}_\\d{6})_([0-9a-f]{12})(?:_\\d+)?\\.jsonl?");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT);

  /** An operation has a handful. */
  private static final int MOST_RECORDS = 1_000;

  private final Path journal;
  private final List<String> missing = new ArrayList<>();
  private final Map<String, List<AuditRecord>> records = new HashMap<>();
  private @Nullable List<Path> files;

  /** A run, and when it was last heard of. */
  record Found(String run, Instant at) {}

  /**
   * @param journal the folder of the journals
   */
  Runs(Path journal) {
    this.journal = journal;
  }

  /** What could not be looked at. */
  List<String> missing() {
    return missing;
  }

  /** The newest one. */
  Optional<Found> latest() {
    return since(Instant.MIN, true).stream().findFirst();
  }

  /**
   * The runs of which something was written then or later, newest first.
   *
   * @param since the moment to begin at
   */
  List<Found> since(Instant since) {
    return since(since, false);
  }

  private List<Found> since(Instant since, boolean one) {
    Map<String, Instant> found = new HashMap<>();
    trail(
        record -> {
          boolean within = !record.at().isBefore(since);
          if (within && isOperation(record)) {
            found.merge(record.run(), record.at(), Runs::later);
          }
          return within && !(one && !found.isEmpty());
        });
    for (Path file : files()) {
      Matcher name = FILE.matcher(String.valueOf(file.getFileName()));
      if (name.matches()) {
        Instant at = later(stamp(name.group(1)), modified(file));
        if (!at.isBefore(since)) {
          // A file that was copied is as old as its name, beside what the trail says.
          found.merge(name.group(2), one ? stamp(name.group(1)) : at, Runs::later);
        }
      }
    }
    return found.entrySet().stream()
        .map(each -> new Found(each.getKey(), each.getValue()))
        .sorted(Comparator.comparing(Found::at).reversed().thenComparing(Found::run))
        .toList();
  }

  /**
   * The whole name of the run whose name begins so.
   *
   * @throws Failure UNAVAILABLE when there is none; USAGE when there are several
   */
  String named(String beginning) {
    TreeSet<String> found = new TreeSet<>();
    for (Path file : files()) {
      Matcher name = FILE.matcher(String.valueOf(file.getFileName()));
      if (name.matches() && name.group(2).startsWith(beginning)) {
        found.add(name.group(2));
      }
    }
    trail(
        record -> {
          if (record.run().startsWith(beginning)) {
            found.add(record.run());
          }
          return true;
        });
    if (found.size() > 1) {
      throw Failure.usage(
          "several runs begin with '%s': %s"
              .formatted(beginning, String.join(", ", found.stream().limit(5).toList())),
          "name one of them whole");
    }
    if (found.isEmpty()) {
      throw Failure.unavailable(
          "there is no run '%s' in %s".formatted(beginning, journal),
          "see the runs with: belay audit --output json");
    }
    return found.first();
  }

  /** What the audit trail has of a run, oldest first. */
  List<AuditRecord> records(String run) {
    if (!records.containsKey(run)) {
      load(Set.of(run));
    }
    return records.getOrDefault(run, List.of());
  }

  /** Reads what the audit trail has of these runs at once, however long it is. */
  void load(Set<String> runs) {
    runs.forEach(run -> records.put(run, new ArrayList<>()));
    trail(
        record -> {
          List<AuditRecord> of = runs.contains(record.run()) ? records.get(record.run()) : null;
          if (of != null && of.size() < MOST_RECORDS && JournalFile.isPossible(record.at())) {
            of.add(record);
          }
          return true;
        });
    runs.forEach(run -> records.computeIfPresent(run, (name, of) -> oldestFirst(of)));
  }

  private static List<AuditRecord> oldestFirst(List<AuditRecord> newestFirst) {
    List<AuditRecord> turned = new ArrayList<>(newestFirst);
    Collections.reverse(turned);
    return turned;
  }

  private static boolean isOperation(AuditRecord record) {
    return !record.event().equals(AuditRecord.MENDED);
  }

  private void trail(java.util.function.Predicate<AuditRecord> reader) {
    try {
      long unreadable = AuditTrail.in(journal).backwards(reader);
      if (unreadable > 0) {
        note(
            "lines of the audit trail that are not as they were written are left out; see which with: belay audit --verify");
      }
    } catch (Failure cannot) {
      note(cannot.message());
    }
  }

  /** Journals and kept operations, as they were when they were asked for first. */
  List<Path> files() {
    List<Path> found = files;
    if (found == null) {
      found = new ArrayList<>();
      list(journal, found);
      list(new KeptOperations(journal).folder(), found);
      files = found;
    }
    return found;
  }

  private void list(Path folder, List<Path> into) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(Files::isRegularFile).sorted().forEach(into::add);
    } catch (IOException | UncheckedIOException cannot) {
      note("the folder %s cannot be read: %s".formatted(folder, cannot.getMessage()));
    }
  }

  private void note(String what) {
    if (!missing.contains(what)) {
      missing.add(what);
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  private static Instant stamp(String text) {
    try {
      return LocalDateTime.parse(text, STAMP).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException other) {
      return Instant.EPOCH;
    }
  }

  static Instant modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException gone) {
      return Instant.EPOCH;
    }
  }
}
