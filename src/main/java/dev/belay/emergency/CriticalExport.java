package dev.belay.emergency;

import dev.belay.config.AppSettings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.core.Units;
import dev.belay.dataset.DataExport;
import dev.belay.dataset.ExportCompression;
import dev.belay.dataset.ExportForm;
import dev.belay.dataset.LiveTable;
import dev.belay.dataset.LiveTables;
import dev.belay.ledger.Ledger;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.swap.GuardedRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Exports what matters most, so that single rows can be looked up and brought back without a
 * restore: the tables that somebody named; else those from which the undo of the newest migration
 * would take data, and then all others, the smallest first, up to a limit; and of them what the
 * disk has room for.
 */
final class CriticalExport {
  /** Text is larger than what the server stores. */
  private static final int GROWTH = 3;

  private static final int SHOWN = 10;

  private final GuardedRun run;
  private final EmergencySettings settings;
  private final String version;

  /**
   * @param version of this program
   */
  CriticalExport(GuardedRun run, EmergencySettings settings, String version) {
    this.run = run;
    this.settings = settings;
    this.version = version;
  }

  /** Which tables, what matters most first, and what is to be known of those that are not. */
  private record Choice(List<LiveTable> tables, List<String> notes) {}

  /**
   * What of a choice the disk has room for.
   *
   * @param without those for which it has none
   * @param free bytes
   */
  private record Fitting(List<LiveTable> tables, List<TableName> without, long free) {}

  /**
   * Exports.
   *
   * @param endangered the tables from which the undo would take data
   */
  StepAnswer export(EmergencyRequest request, Supplier<Set<TableName>> endangered) {
    Choice choice;
    try (Database session = run.databases().open(run.target()).readingOnly()) {
      choice = choose(request, LiveTables.of(session), endangered);
    }
    if (choice.tables().isEmpty()) {
      return StepAnswer.done("there is no table to export", choice.notes());
    }
    Path folder = run.settings().folders().dataExports();
    Fitting fitting = fitting(choice.tables(), free(folder));
    if (fitting.tables().isEmpty()) {
      throw Failure.refused(
          "%s has %s of free space, and not even the smallest table is sure to fit into it: %s"
              .formatted(folder, Units.bytes(fitting.free()), names(fitting.without())),
          room(folder));
    }
    Set<TableName> names =
        fitting.tables().stream().map(LiveTable::name).collect(Collectors.toSet());
    DataExport.Result result =
        new DataExport(run.databases(), run.progress(), version)
            .run(
                new DataExport.Request(
                    run.target(),
                    run.settings().apps(),
                    request.app(),
                    folder,
                    Optional.empty(),
                    ExportForm.json,
                    ExportCompression.parse("none"),
                    request.jobs()),
                live -> chosen(live, names, request));
    long rows = result.rows().values().stream().mapToLong(Long::longValue).sum();
    List<String> details = new ArrayList<>();
    details.add("tables: " + names(fitting.tables().stream().map(LiveTable::name).toList()));
    details.addAll(choice.notes());
    String summary =
        "%s of %s in %s"
            .formatted(
                Units.count(rows, "row", "rows"),
                Units.count(fitting.tables().size(), "table", "tables"),
                result.file());
    return fitting.without().isEmpty()
        ? StepAnswer.done(summary, details)
        : StepAnswer.notDone(
            "%s; with %s of free space there was no room for %s"
                .formatted(summary, Units.bytes(fitting.free()), names(fitting.without())),
            details,
            room(folder));
  }

  /** In their order; one that is too large stands in the way of no smaller one. */
  private static Fitting fitting(List<LiveTable> tables, long free) {
    List<LiveTable> some = new ArrayList<>();
    List<TableName> without = new ArrayList<>();
    long left = free / GROWTH;
    for (LiveTable table : tables) {
      if (table.bytes() <= left) {
        left -= table.bytes();
        some.add(table);
      } else {
        without.add(table.name());
      }
    }
    return new Fitting(some, without, free);
  }

  private List<DataExport.Chosen> chosen(
      LiveTables live, Set<TableName> names, EmergencyRequest request) {
    return live.tables().stream()
        .filter(table -> names.contains(table.name()))
        .map(
            table ->
                new DataExport.Chosen(
                    request.app().orElseGet(() -> owner(table.name())), table, Optional.empty()))
        .sorted(
            Comparator.comparing(DataExport.Chosen::app)
                .thenComparing(chosen -> chosen.table().name()))
        .toList();
  }

  private String owner(TableName table) {
    return run.settings().apps().stream()
        .filter(app -> has(app, table))
        .map(AppSettings::name)
        .findFirst()
        .orElse(AppSettings.DEFAULT_NAME);
  }

  /** An app that names tables has those, and else all of its schemas. */
  private static boolean has(AppSettings app, TableName table) {
    return app.tables().isEmpty()
        ? app.schemas().contains(table.schema())
        : app.tables().stream().map(TablePattern::of).anyMatch(each -> each.matches(table));
  }

  private Choice choose(
      EmergencyRequest request, LiveTables live, Supplier<Set<TableName>> endangered) {
    List<String> patterns = request.patterns().isEmpty() ? settings.export() : request.patterns();
    List<LiveTable> own =
        live.tables().stream().filter(table -> !table.ofExtension()).filter(this::isData).toList();
    if (!patterns.isEmpty()) {
      return named(own, patterns);
    }
    Set<TableName> first = endangered.get();
    Optional<AppSettings> app = request.app().map(run.settings()::app);
    List<LiveTable> inDanger = bySize(own, table -> first.contains(table.name()));
    List<LiveTable> others =
        bySize(
            own,
            table ->
                !first.contains(table.name()) && app.map(of -> has(of, table.name())).orElse(true));
    List<String> notes = new ArrayList<>();
    if (!inDanger.isEmpty()) {
      notes.add(
          "from these the undo of the newest migration would take data: "
              + names(inDanger.stream().map(LiveTable::name).toList()));
    }
    List<LiveTable> tables = new ArrayList<>();
    List<TableName> tooMuch = new ArrayList<>();
    long bytes = 0;
    for (LiveTable table : Stream.concat(inDanger.stream(), others.stream()).toList()) {
      if (bytes + table.bytes() <= settings.exportLimitBytes()) {
        bytes += table.bytes();
        tables.add(table);
      } else {
        tooMuch.add(table.name());
      }
    }
    if (!tooMuch.isEmpty()) {
      notes.add(
          "left out, since emergency.exportLimit is %s: %s; export them with: belay export-data --table <name>"
              .formatted(Units.bytes(settings.exportLimitBytes()), names(tooMuch)));
    }
    return new Choice(tables, notes);
  }

  private static List<LiveTable> bySize(List<LiveTable> tables, Predicate<LiveTable> wanted) {
    return tables.stream()
        .filter(wanted)
        .sorted(Comparator.comparingLong(LiveTable::bytes))
        .toList();
  }

  private static Choice named(List<LiveTable> own, List<String> patterns) {
    Set<LiveTable> tables = new LinkedHashSet<>();
    List<String> notes = new ArrayList<>();
    for (String text : patterns) {
      TablePattern pattern = TablePattern.of(text);
      List<LiveTable> meant = own.stream().filter(table -> pattern.matches(table.name())).toList();
      tables.addAll(meant);
      if (meant.isEmpty()) {
        notes.add("no table is meant by '%s'".formatted(text));
      }
    }
    return new Choice(List.copyOf(tables), notes);
  }

  /** What Belay and Flyway write down for themselves is no data of anybody's. */
  private boolean isData(LiveTable table) {
    return !table.name().schema().equals(Ledger.SCHEMA)
        && run.settings().apps().stream()
            .map(app -> new TableName(app.historySchema(), app.historyTable()))
            .noneMatch(table.name()::equals);
  }

  /** A disk that is filled in an emergency may be the database's own. */
  private static long free(Path folder) {
    try {
      Path there = folder.toAbsolutePath();
      while (!Files.exists(there) && there.getParent() != null) {
        there = there.getParent();
      }
      return Files.getFileStore(there).getUsableSpace();
    } catch (IOException unknown) {
      throw Failure.unavailable(
              "the free space of %s cannot be told: %s".formatted(folder, unknown),
              "see who owns it with: ls -ld " + ShellWords.quote(folder.toString()))
          .causedBy(unknown);
    }
  }

  private static String room(Path folder) {
    return "name another folder: belay emergency-recovery --no-backup --set folders.dataExports=<folder>; see: df -h "
        + ShellWords.quote(folder.toString());
  }

  private static String names(List<TableName> tables) {
    String shown =
        tables.stream().limit(SHOWN).map(TableName::plain).collect(Collectors.joining(", "));
    return tables.size() > SHOWN ? "%s and %d more".formatted(shown, tables.size() - SHOWN) : shown;
  }
}
