package dev.belay.incident;

import dev.belay.archive.DurableFiles;
import dev.belay.cli.ConfigReport;
import dev.belay.config.Settings;
import dev.belay.core.Units;
import dev.belay.report.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds on the disk what belongs into a bundle. Reads only; links are not followed. */
final class Collecting {
  /** The end of a log or an audit trail that is longer. */
  static final long LONGEST_LOG = 20_000_000;

  private static final Pattern KINDS =
      Pattern.compile(".*\\.(json|jsonl|html|md|txt|log|csv|prom)");
  private static final int MOST_FILES = 2_000;

  private final Settings settings;
  private final Instant since;
  private final Set<String> runs;
  private final Redacted redacted;
  private final List<Item> items = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final List<String> missing = new ArrayList<>();

  /**
   * @param since what was changed before is left out
   * @param runs empty: all of that time
   */
  Collecting(Settings settings, Instant since, Set<String> runs, Redacted redacted) {
    this.settings = settings;
    this.since = since;
    this.runs = Set.copyOf(runs);
    this.redacted = redacted;
  }

  /** What could not be had. */
  List<String> missing() {
    return missing;
  }

  List<Item> items() {
    Path journal = settings.folders().journal();
    journals(journal);
    audit(journal.resolve("audit.jsonl"));
    log();
    folder(
        settings.folders().migrationMonitoring(),
        "monitor",
        "samples of the monitor, or a report of a drill or a rehearsal",
        40,
        this::isOfTheRuns);
    folder(
        settings.folders().reconciliationReports(),
        "reports",
        "report of reconcile-data",
        50,
        any -> true);
    folder(settings.folders().conflictReports(), "reports", "report of conflicts", 50, any -> true);
    folder(settings.folders().rollbackScripts(), "reports", "report on ways back", 50, any -> true);
    backups();
    byte[] config =
        (Json.pretty(ConfigReport.of(settings)) + "\n").getBytes(StandardCharsets.UTF_8);
    add(
        "config.json",
        "what is configured, secrets masked",
        5,
        Instant.now(),
        config.length,
        into -> redacted.json(new String(config, StandardCharsets.UTF_8), into));
    return items;
  }

  private boolean isOfTheRuns(Path file) {
    String name = String.valueOf(file.getFileName());
    return runs.isEmpty() || runs.stream().anyMatch(name::contains);
  }

  private void journals(Path journal) {
    if (!Files.isDirectory(journal)) {
      missing.add("there is no folder of journals " + journal);
      return;
    }
    folder(
        journal,
        "journal",
        "journal of a run",
        10,
        file ->
            isOfTheRuns(file)
                && file.toString().endsWith(".jsonl")
                && !file.endsWith("audit.jsonl"));
    folder(
        journal,
        "journal",
        "what people were told, and open incidents",
        12,
        file -> file.endsWith("notifications.json"));
    folder(
        new KeptOperations(journal).folder(),
        "operations",
        "plan and answer of a run",
        11,
        this::isOfTheRuns);
  }

  private void audit(Path file) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      missing.add("there is no audit trail " + file);
      return;
    }
    long size = size(file);
    long from = Math.max(0, size - LONGEST_LOG);
    if (from > 0) {
      missing.add(
          "of the audit trail only the newest %s are here: %s"
              .formatted(Units.bytes(LONGEST_LOG), file));
    }
    add(
        "audit.jsonl",
        "the audit trail",
        8,
        Runs.modified(file),
        size - from,
        into -> redacted.copy(file, from, into));
  }

  private void log() {
    Path file = settings.logFile();
    if (!Files.isRegularFile(file)) {
      missing.add("there is no log " + file);
      return;
    }
    long[] all = {0};
    try {
      LogPart.each(
          file,
          since,
          Instant.now(),
          1 << 20,
          line -> {
            all[0] += line.text().length() + 1L;
            return true;
          });
    } catch (IOException cannot) {
      missing.add("the log %s cannot be read: %s".formatted(file, DurableFiles.reason(cannot)));
      return;
    }
    if (all[0] == 0) {
      missing.add("the log %s has no line since %s".formatted(file, Units.moment(since)));
      return;
    }
    long leftOut = Math.max(0, all[0] - LONGEST_LOG);
    if (leftOut > 0) {
      missing.add(
          "of the log only the newest %s are here: %s".formatted(Units.bytes(LONGEST_LOG), file));
    }
    add(
        "belay.log",
        "the log since " + Units.moment(since),
        20,
        Runs.modified(file),
        all[0] - leftOut,
        into -> {
          long[] passed = {0};
          SecretLines lines = redacted.lines();
          LogPart.each(
              file,
              since,
              Instant.now(),
              1 << 20,
              line -> {
                if (passed[0] >= leftOut) {
                  Redacted.write(line, Redacted.shown(lines, line), into);
                } else {
                  lines.pass(line.text());
                }
                passed[0] += line.text().length() + 1L;
                return true;
              });
        });
  }

  private void backups() {
    Path folder = settings.folders().backups();
    if (!Files.isDirectory(folder)) {
      missing.add("there is no folder of backups " + folder);
      return;
    }
    for (Path backup : list(folder, Files::isDirectory)) {
      for (String name : List.of("manifest.json", "proofs.jsonl", "run.log")) {
        Path file = backup.resolve(name);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && !Runs.modified(file).isBefore(since)) {
          file(file, "backups/" + redacted.name(backup), "of a backup (not its data)", 30);
        }
      }
    }
  }

  private void folder(Path folder, String into, String what, int rank, Predicate<Path> wanted) {
    for (Path file : list(folder, wanted)) {
      boolean named = !runs.isEmpty() && isOfTheRuns(file);
      if (KINDS.matcher(String.valueOf(file.getFileName())).matches()
          && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && (named || !Runs.modified(file).isBefore(since))) {
        file(file, into, what, rank);
      }
    }
  }

  private void file(Path file, String into, String what, int rank) {
    if (!Files.isReadable(file)) {
      missing.add("the file %s cannot be read: permission denied".formatted(file));
      return;
    }
    add(
        into + "/" + redacted.name(file),
        what,
        rank,
        Runs.modified(file),
        size(file),
        out -> redacted.copy(file, 0, out));
  }

  private List<Path> list(Path folder, Predicate<Path> wanted) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      // The moment of each is read once: others write there, and an order must not change.
      List<Dated> all =
          files
              .filter(wanted)
              .map(file -> new Dated(file, Runs.modified(file)))
              .sorted(Comparator.comparing(Dated::at).reversed().thenComparing(Dated::file))
              .toList();
      if (all.size() > MOST_FILES) {
        missing.add("%d older files in %s are left out".formatted(all.size() - MOST_FILES, folder));
      }
      return all.stream().limit(MOST_FILES).map(Dated::file).sorted().toList();
    } catch (IOException cannot) {
      missing.add(
          "the folder %s cannot be read: %s".formatted(folder, DurableFiles.reason(cannot)));
      return List.of();
    } catch (UncheckedIOException cannot) {
      missing.add("the folder %s cannot be read: %s".formatted(folder, cannot.getMessage()));
      return List.of();
    }
  }

  private record Dated(Path file, Instant at) {}

  private void add(
      String name, String what, int rank, Instant modified, long bytes, Item.Content content) {
    String free = name;
    for (int number = 2; !names.add(free); number++) {
      free = name.replaceFirst("(\\.[A-Za-z]+)?$", "_" + number + "$1");
    }
    items.add(new Item(free, what, rank, modified, bytes, content));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException gone) {
      return 0;
    }
  }
}
