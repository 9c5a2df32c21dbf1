package dev.belay.points;

import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.dataset.ExportHeader;
import dev.belay.dataset.ExportShape;
import dev.belay.dataset.ExportedTable;
import dev.belay.dataset.LiveTable;
import dev.belay.dataset.LiveTables;
import dev.belay.dataset.ShapeDifference;
import dev.belay.export.Bookkeeping;
import dev.belay.flyway.HistoryQueries;
import dev.belay.flyway.MigrationHistory;
import dev.belay.postgres.Database;
import dev.belay.postgres.ServerInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which tables of a point go into which tables of the database.
 *
 * @param tables by the table of the export
 * @param reshaped those that have other columns or another key than at the point
 * @param notes what should be known before the plan
 */
record PointScope(
    Map<ExportedTable, LiveTable> tables, Set<TableName> reshaped, List<String> notes) {
  private static final int SHOWN = 20;

  /**
   * Compares a point with the database.
   *
   * @throws Failure USAGE when nothing of it is meant; REFUSED when it is of another database or
   *     server, or the shapes differ and it was not asked to go on
   */
  static PointScope of(
      Database session, Settings settings, ExportHeader header, ExecuteRequest request) {
    refuseOther(session, header);
    LiveTables live = LiveTables.of(session);
    List<String> notes = new ArrayList<>();
    List<ExportedTable> wanted = wanted(settings, header, request, notes);
    List<ShapeDifference> differences = ExportShape.differences(wanted, live);
    if (!differences.isEmpty() && !request.columnsCommon()) {
      throw Failure.refused(
          "the schema is not what it was at the point: " + words(differences),
          "bring the schema to what it was, or go on with the tables and columns that both have:"
              + " --columns-common");
    }
    differences.forEach(difference -> notes.add(difference.words()));
    Map<ExportedTable, LiveTable> tables = new LinkedHashMap<>();
    for (ExportedTable table : wanted) {
      ExportShape.live(table, live).ifPresent(found -> tables.put(table, found));
    }
    Refusals foreign = new Refusals();
    tables.values().forEach(table -> refuseForeign(table, foreign));
    foreign.refuse();
    if (tables.isEmpty()) {
      throw Failure.refused(
          "no table of the point is in the database any more",
          "bring the schema to what it was, then run it again");
    }
    migrations(session, settings, header, notes);
    Set<String> other =
        differences.stream().map(ShapeDifference::table).collect(Collectors.toSet());
    Set<TableName> reshaped =
        wanted.stream()
            .map(ExportedTable::name)
            .filter(name -> other.contains(name.plain()))
            .collect(Collectors.toCollection(TreeSet::new));
    return new PointScope(tables, reshaped, notes);
  }

  /** Rows on another server are in no point, and would be removed there as if they were new. */
  static void refuseForeign(LiveTable table, Refusals refusals) {
    if (!table.foreignParts().isEmpty()) {
      refusals.add(
          "%s has partitions on another server: %s"
              .formatted(
                  table.name().plain(),
                  table.foreignParts().stream()
                      .map(TableName::plain)
                      .collect(Collectors.joining(", "))),
          "leave the table out");
    }
  }

  /** Rows of one database do not belong into another: that is an import, and not a way back. */
  private static void refuseOther(Database session, ExportHeader header) {
    Refusals refusals = new Refusals();
    String database = session.target().database();
    if (!header.database().equals(database)) {
      refusals.add(
          "the point is of the database %s, and the target is %s"
              .formatted(header.database(), session.target()),
          "name that database with --url, or bring rows into another with: belay import-data");
    } else if (ServerInfo.differ(header.systemIdentifier(), ServerInfo.systemIdentifier(session))) {
      refusals.add(
          "the point is of %s, and the target %s is on another server"
              .formatted(header.target(), session.target()),
          "name that server with --url, or bring rows into another with: belay import-data");
    }
    refusals.refuse();
  }

  private static List<ExportedTable> wanted(
      Settings settings, ExportHeader header, ExecuteRequest request, List<String> notes) {
    List<TablePattern> patterns = request.patterns().stream().map(TablePattern::of).toList();
    for (TablePattern pattern : patterns) {
      if (header.tables().stream().noneMatch(table -> pattern.matches(table.name()))) {
        throw Failure.usage(
            "no table of the point is meant by '" + pattern + "'",
            "it has: "
                + header.tables().stream()
                    .map(table -> table.name().plain())
                    .limit(SHOWN)
                    .collect(Collectors.joining(", ")));
      }
    }
    List<ExportedTable> wanted = new ArrayList<>();
    Set<TableName> seen = new TreeSet<>();
    for (ExportedTable table : header.tables()) {
      if (!patterns.isEmpty()
          && patterns.stream().noneMatch(pattern -> pattern.matches(table.name()))) {
        continue;
      }
      if (Bookkeeping.is(table.name(), settings.apps())) {
        notes.add(table.name().plain() + " is left out: it says what was migrated here");
      } else if (table.condition().isPresent() || !seen.add(table.name())) {
        throw Failure.refused(
            "the file has only some rows of %s, and all others would be removed"
                .formatted(table.name().plain()),
            "bring its rows in with: belay import-data --policy overwrite");
      } else {
        wanted.add(table);
      }
    }
    return wanted;
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
                      "the app %s was at version %s at the point and is at %s now"
                          .formatted(
                              then.app(),
                              Objects.requireNonNullElse(then.currentVersion(), "none"),
                              Objects.requireNonNullElse(now.currentVersion(), "none"))));
    }
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
