package dev.belay.backup;

import dev.belay.archive.Selection;
import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.pgtools.DumpSelection;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What of the database a backup holds.
 *
 * @param selection for pg_dump
 * @param tables the tables, and sequences, that are in it
 */
record Wanted(DumpSelection selection, Predicate<TableName> tables) {
  /** Everything. */
  static Wanted whole() {
    return new Wanted(DumpSelection.WHOLE, table -> true);
  }

  /**
   * What a selection means in this database, at this moment.
   *
   * @throws Failure USAGE when it means no table
   */
  static Wanted of(Database session, Settings settings, Selection selection) {
    if (selection.app().isPresent()) {
      AppSettings app = settings.app(selection.app().get());
      if (app.tables().isEmpty()) {
        List<String> schemas = app.schemas();
        List<String> missing = PreflightQueries.missingSchemas(session, schemas);
        if (!missing.isEmpty()) {
          throw Failure.usage(
              "the app %s has the schema '%s', and the database has none of that name"
                  .formatted(app.name(), missing.get(0)),
              "see the apps with: belay config");
        }
        return new Wanted(
            new DumpSelection(List.of(), schemas), table -> schemas.contains(table.schema()));
      }
      return tables(session, app.tables());
    }
    return tables(session, selection.patterns());
  }

  private static Wanted tables(Database session, List<String> patterns) {
    List<TablePattern> wanted = patterns.stream().map(TablePattern::of).toList();
    List<TableName> there = PreflightQueries.relations(session);
    for (TablePattern pattern : wanted) {
      if (there.stream().noneMatch(pattern::matches)) {
        throw pattern.meansNone();
      }
    }
    List<TableName> tables =
        there.stream()
            .filter(table -> wanted.stream().anyMatch(pattern -> pattern.matches(table)))
            .toList();
    // pg_dump takes a partitioned table without its partitions, and they have its rows.
    Set<TableName> all = new TreeSet<>(tables);
    PreflightQueries.partitions(session).stream()
        .filter(partition -> tables.contains(partition.root()))
        .forEach(partition -> all.add(partition.table()));
    return new Wanted(new DumpSelection(List.copyOf(all), List.of()), all::contains);
  }
}
