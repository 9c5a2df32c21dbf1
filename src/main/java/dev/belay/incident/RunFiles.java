package dev.belay.incident;

import dev.belay.archive.DurableFiles;
import dev.belay.config.Settings;
import dev.belay.journal.AuditRecord;
import dev.belay.report.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What is on the disk about one run, as far as it can be read.
 *
 * @param records of the audit trail, oldest first
 * @param unreadable kept operations in another form
 * @param missing what could not be found or read
 */
record RunFiles(
    String run,
    List<JournalFile> journals,
    List<AuditRecord> records,
    List<KeptFile> kept,
    List<Samples> samples,
    List<Sent> sent,
    @Nullable LogPart log,
    List<Fact> sources,
    List<Path> unreadable,
    List<String> missing) {
  private static final Duration SENDING = Duration.ofMinutes(2);
  private static final int MEMORY_BYTES = 4 << 20;

  /** A kept operation and where it is. */
  record KeptFile(Path file, KeptOperation operation) {}

  /**
   * A message to a channel, by the memory of the notifications.
   *
   * @param progress such as {@code SENT}
   */
  record Sent(Instant at, String channel, String progress) {}

  /** Whether anything is known of it at all. */
  boolean isEmpty() {
    return journals.isEmpty() && records.isEmpty() && kept.isEmpty() && samples.isEmpty();
  }

  /**
   * Reads them.
   *
   * @param extra a file that was named, wherever it lies; empty: none
   */
  static RunFiles read(Settings settings, String run, Optional<Path> extra) {
    return read(settings, new Runs(settings.folders().journal()), run, extra, true);
  }

  /**
   * Reads them.
   *
   * @param runs that were looked up already
   * @param whole whether the log and what was measured are read too, where anything else is known
   */
  static RunFiles read(
      Settings settings, Runs runs, String run, Optional<Path> extra, boolean whole) {
    Path folder = settings.folders().journal();
    List<Path> unreadable = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<Fact> sources = new ArrayList<>();
    List<Path> files = new ArrayList<>(runs.files());
    extra
        .filter(file -> files.stream().noneMatch(other -> same(file, other)))
        .ifPresent(files::add);
    List<JournalFile> journals = new ArrayList<>();
    List<KeptFile> kept = new ArrayList<>();
    for (Path file : files) {
      String name = String.valueOf(file.getFileName());
      boolean named = extra.isPresent() && same(file, extra.get());
      if (!name.contains(run) && !named) {
        continue;
      }
      try {
        if (name.endsWith(".json")) {
          KeptOperations.read(file)
              .ifPresentOrElse(
                  operation -> {
                    kept.add(new KeptFile(file, operation));
                    sources.add(new Fact("plan and answer", file.toString()));
                  },
                  () -> unreadable.add(file));
        } else {
          JournalFile.read(file)
              .ifPresent(
                  journal -> {
                    journals.add(journal);
                    missing.addAll(journal.notes());
                    sources.add(new Fact("journal", file.toString()));
                  });
        }
      } catch (IOException cannot) {
        missing.add("the file %s cannot be read: %s".formatted(file, DurableFiles.reason(cannot)));
      }
    }
    List<AuditRecord> records = runs.records(run);
    if (!records.isEmpty()) {
      sources.add(new Fact("audit trail", folder.resolve("audit.jsonl").toString()));
    }
    missing.addAll(runs.missing());
    boolean known = !journals.isEmpty() || !records.isEmpty() || !kept.isEmpty();
    List<Samples> samples =
        whole || !known ? samples(settings, run, extra, sources, missing) : List.of();
    Span span = whole ? Span.of(journals, records, kept, samples) : null;
    List<Sent> sent = span == null ? List.of() : sent(folder, span, sources, missing);
    LogPart log = span == null ? null : log(settings, span, sources, missing);
    return new RunFiles(
        run, journals, records, kept, samples, sent, log, sources, unreadable, missing);
  }

  private static List<Samples> samples(
      Settings settings,
      String run,
      Optional<Path> extra,
      List<Fact> sources,
      List<String> missing) {
    Path folder = settings.folders().migrationMonitoring();
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.list(folder)) {
        all.filter(file -> String.valueOf(file.getFileName()).contains("_" + run))
            .filter(file -> file.toString().endsWith(".jsonl"))
            .sorted()
            .forEach(files::add);
      } catch (IOException | UncheckedIOException cannot) {
        missing.add("the folder %s cannot be read: %s".formatted(folder, cannot.getMessage()));
      }
    }
    extra
        .filter(file -> files.stream().noneMatch(other -> same(file, other)))
        .ifPresent(files::add);
    List<Samples> found = new ArrayList<>();
    for (Path file : files) {
      try {
        Samples.read(file)
            .ifPresent(
                read -> {
                  found.add(read);
                  sources.add(new Fact("monitor", file.toString()));
                });
      } catch (IOException cannot) {
        missing.add(
            "the samples %s cannot be read: %s".formatted(file, DurableFiles.reason(cannot)));
      }
    }
    return found;
  }

  /** What was sent names no run: what was sent meanwhile is taken. */
  private static List<Sent> sent(Path folder, Span span, List<Fact> sources, List<String> missing) {
    Path file = folder.resolve("notifications.json");
    if (!Files.isRegularFile(file)) {
      return List.of();
    }
    List<Sent> found = new ArrayList<>();
    try {
      for (JsonNode each :
          Json.MAPPER.readTree(DurableFiles.read(file, MEMORY_BYTES)).path("sent")) {
        JournalFile.instant(each.path("at"))
            .filter(at -> !at.isBefore(span.from()) && !at.isAfter(span.to().plus(SENDING)))
            .ifPresent(
                at ->
                    found.add(
                        new Sent(
                            at,
                            each.path("channel").asString(""),
                            each.path("progress").asString(""))));
      }
    } catch (IOException | JacksonException cannot) {
      missing.add("what was sent cannot be read from %s: %s".formatted(file, cannot.getMessage()));
    }
    if (!found.isEmpty()) {
      sources.add(new Fact("messages", file.toString()));
    }
    return found;
  }

  /** The log names no run in its lines: those of its time are taken. */
  private static @Nullable LogPart log(
      Settings settings, Span span, List<Fact> sources, List<String> missing) {
    try {
      LogPart part = LogPart.read(settings.logFile(), span.from(), span.to());
      if (part.isEmpty()) {
        missing.add("the log %s has no line of that time".formatted(settings.logFile()));
        return null;
      }
      sources.add(new Fact("log", settings.logFile().toString()));
      return part;
    } catch (IOException cannot) {
      missing.add(
          "the log %s cannot be read: %s"
              .formatted(settings.logFile(), DurableFiles.reason(cannot)));
      return null;
    }
  }

  private static boolean same(Path one, Path other) {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
  }
}
