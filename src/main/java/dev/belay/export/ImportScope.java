package dev.belay.export;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.dataset.ExportHeader;
import dev.belay.dataset.ExportShape;
import dev.belay.dataset.ExportedTable;
import dev.belay.dataset.LiveTable;
import dev.belay.dataset.LiveTables;
import dev.belay.dataset.ShapeDifference;
import dev.belay.diff.Policy;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.MigrationHistory;
import dev.belay.postgres.Database;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Which tables of an export go into which tables of the database.
 *
 * @param tables by the table of the export
 * @param notes what the operator should know before the plan
 */
record ImportScope(Map<ExportedTable, LiveTable> tables, List<String> notes) {
  private static final int SHOWN = 20;

  ImportScope {
    notes = List.copyOf(notes);
  }

  /**
   * Compares the header with the database.
   *
   * @throws Failure USAGE when nothing of the export is meant; REFUSED, with the differences, when
   *     the shapes differ and it was not asked to go on with what both have
   */
  static ImportScope of(
      Database session, Settings settings, ExportHeader header, ImportRequest request) {
    LiveTables live = LiveTables.of(session);
    List<String> notes = new ArrayList<>();
    List<ExportedTable> wanted = wanted(settings, header, request, notes);
    List<ShapeDifference> differences = ExportShape.differences(wanted, live);
    if (!differences.isEmpty() && !request.columnsCommon()) {
      throw Failure.refused(
          "the export is of another shape than the database: " + words(differences),
          "bring the schema to what it was, or go on with what both have: --columns-common");
    }
    differences.forEach(difference -> notes.add(difference.words()));
    Map<ExportedTable, LiveTable> tables = new LinkedHashMap<>();
    for (ExportedTable table : wanted) {
      ExportShape.live(table, live).ifPresent(found -> tables.put(table, found));
    }
    refuseHalf(tables.keySet().stream().toList(), request);
    migrations(session, settings, header, notes);
    return new ImportScope(tables, notes);
  }

  private static List<ExportedTable> wanted(
      Settings settings, ExportHeader header, ImportRequest request, List<String> notes) {
    for (String pattern : request.patterns()) {
      TablePattern one = TablePattern.of(pattern);
      if (header.tables().stream().noneMatch(table -> one.matches(table.name()))) {
        throw Failure.usage(
            "no table of the export is meant by '" + pattern + "'",
            "it has: " + names(header.tables()));
      }
    }
    List<ExportedTable> wanted = header.tables().stream().filter(request::wants).toList();
    if (wanted.isEmpty() && request.app().isPresent()) {
      throw Failure.usage(
          "the export has nothing of the app '%s'".formatted(request.app().get()),
          "it has tables of: "
              + header.tables().stream()
                  .map(ExportedTable::app)
                  .distinct()
                  .collect(Collectors.joining(", ")));
    }
    List<ExportedTable> data = new ArrayList<>();
    for (ExportedTable table : wanted) {
      if (Bookkeeping.is(table.name(), settings.apps()) && !request.names(table.name())) {
        notes.add(table.name().plain() + " is left out: it says what was migrated here");
      } else {
        data.add(table);
      }
    }
    Map<TableName, Long> times =
        data.stream().collect(Collectors.groupingBy(ExportedTable::name, Collectors.counting()));
    times.forEach(
        (name, count) -> {
          if (count > 1) {
            throw Failure.usage(
                "the export has %s under several apps".formatted(name.plain()),
                "name one of them with --app");
          }
        });
    return data;
  }

  /** What is not in an export of some rows was left out of it, and is not missing. */
  private static void refuseHalf(List<ExportedTable> tables, ImportRequest request) {
    if (request.policy() != Policy.EXACT) {
      return;
    }
    for (ExportedTable table : tables) {
      if (table.condition().isPresent()) {
        throw Failure.refused(
            "the export has only those rows of %s for which %s, and the policy exact would remove all others"
                .formatted(table.name().plain(), table.condition().get()),
            "use --policy overwrite");
      }
    }
  }

  private static void migrations(
      Database session, Settings settings, ExportHeader header, List<String> notes) {
    for (MigrationHistory then : header.migrations()) {
      settings.apps().stream()
          .filter(app -> app.name().equals(then.app()))
          .map(app -> HistoryQueries.read(session, app))
          .filter(now -> !Objects.equals(now.currentVersion(), then.currentVersion()))
          .forEach(
              now ->
                  notes.add(
                      "the app %s was at version %s in the export and is at %s here"
                          .formatted(
                              then.app(),
                              version(then.currentVersion()),
                              version(now.currentVersion()))));
    }
  }

  private static String version(@org.jspecify.annotations.Nullable String version) {
    return version == null ? "none" : version;
  }

  private static String names(List<ExportedTable> tables) {
    return Names.some(tables.stream().map(table -> table.name().plain()).toList());
  }

  private static String words(List<ShapeDifference> differences) {
    String shown =
        differences.stream()
            .limit(SHOWN)
            .map(ShapeDifference::words)
            .collect(Collectors.joining("; "));
    return differences.size() > SHOWN
        ? shown + "; and " + (differences.size() - SHOWN) + " more"
        : shown;
  }
}
