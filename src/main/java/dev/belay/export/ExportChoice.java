package dev.belay.export;

import dev.belay.config.AppSettings;
import dev.belay.config.Settings;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.TablePattern;
import dev.belay.core.Units;
import dev.belay.dataset.Condition;
import dev.belay.dataset.DataExport.Chosen;
import dev.belay.dataset.ExportedTable;
import dev.belay.dataset.LiveTable;
import dev.belay.dataset.LiveTables;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which tables are exported, and under which app. A table of several apps is listed under the first
 * of them; one of no app under {@code default}. Flyway's history tables and Belay's own schema are
 * left out unless a pattern names them: what they say is of this database only, and is in the
 * header.
 */
final class ExportChoice {
  private final List<AppSettings> all;
  private final Optional<AppSettings> app;
  private final List<TablePattern> patterns;
  private final List<String> conditions;

  /**
   * @throws Failure USAGE when there is no app of that name
   */
  ExportChoice(Settings settings, ExportRequest request) {
    this.all = settings.apps();
    this.app = request.app().map(settings::app);
    this.patterns = request.patterns().stream().map(TablePattern::of).toList();
    this.conditions = request.conditions();
  }

  /**
   * The tables, by app in the order of the configuration and by name.
   *
   * @throws Failure USAGE when a pattern or a condition means no table
   */
  List<Chosen> of(LiveTables live) {
    List<Listed> listed = listed(live);
    refusePatternsWithoutTable(listed, live);
    Map<TableName, Condition> byTable = conditions(listed);
    return listed.stream()
        .map(
            each ->
                new Chosen(
                    each.app(),
                    each.table(),
                    Optional.ofNullable(byTable.get(each.table().name()))))
        .toList();
  }

  /** A table with the app that it is listed under. */
  private record Listed(int order, String app, LiveTable table) {}

  private List<Listed> listed(LiveTables live) {
    List<Listed> listed = new ArrayList<>();
    for (LiveTable table : live.tables()) {
      if (isLeftOut(table)
          || (app.isPresent() && !has(app.get(), table.name()))
          || (!patterns.isEmpty() && !isNamed(table.name()))) {
        continue;
      }
      int order = app.isPresent() ? all.indexOf(app.get()) : owner(table.name());
      String name = order < all.size() ? all.get(order).name() : AppSettings.DEFAULT_NAME;
      listed.add(new Listed(order, name, table));
    }
    listed.sort(Comparator.comparingInt(Listed::order).thenComparing(each -> each.table().name()));
    return listed;
  }

  private int owner(TableName table) {
    for (int order = 0; order < all.size(); order++) {
      if (has(all.get(order), table)) {
        return order;
      }
    }
    return all.size();
  }

  /** An app that names tables has those, and else all of its schemas. */
  private static boolean has(AppSettings app, TableName table) {
    return app.tables().isEmpty()
        ? app.schemas().contains(table.schema())
        : app.tables().stream().map(TablePattern::of).anyMatch(each -> each.matches(table));
  }

  private boolean isNamed(TableName table) {
    return patterns.stream().anyMatch(pattern -> pattern.matches(table));
  }

  private boolean isLeftOut(LiveTable table) {
    return (isBookkeeping(table.name()) && !isNamed(table.name())) || table.ofExtension();
  }

  private boolean isBookkeeping(TableName table) {
    return Bookkeeping.is(table, all);
  }

  /** What the operator should know about what is not, or not where one might think. */
  List<String> notes(LiveTables live) {
    List<String> notes = new ArrayList<>();
    Set<TableName> chosen =
        listed(live).stream().map(each -> each.table().name()).collect(Collectors.toSet());
    long ownerless =
        app.isPresent() ? 0 : chosen.stream().filter(name -> owner(name) == all.size()).count();
    if (ownerless > 0) {
      notes.add(
          "%s of no app: listed under \"%s\""
              .formatted(
                  Units.count(ownerless, "table is", "tables are"), AppSettings.DEFAULT_NAME));
    }
    add(notes, "not exported, since they have no rows of their own: ", live.withoutRows());
    add(
        notes,
        "not exported, since an extension makes them: ",
        names(live, LiveTable::ofExtension));
    add(
        notes,
        "not exported, since they are the bookkeeping of migrations: ",
        names(live, table -> isBookkeeping(table.name()) && !chosen.contains(table.name())));
    for (LiveTable table : live.tables()) {
      if (chosen.contains(table.name())) {
        add(
            notes,
            "of %s, not exported, since they are foreign tables: ".formatted(table.name().plain()),
            table.foreignParts());
      }
    }
    return notes;
  }

  private List<TableName> names(LiveTables live, java.util.function.Predicate<LiveTable> which) {
    return live.tables().stream().filter(which).map(LiveTable::name).toList();
  }

  private void add(List<String> notes, String what, List<TableName> tables) {
    List<String> asked =
        tables.stream()
            .filter(table -> app.isEmpty() || has(app.get(), table))
            .filter(table -> patterns.isEmpty() || isNamed(table))
            .map(TableName::plain)
            .toList();
    if (!asked.isEmpty()) {
      notes.add(what + Names.some(asked));
    }
  }

  private void refusePatternsWithoutTable(List<Listed> listed, LiveTables live) {
    for (TablePattern pattern : patterns) {
      if (listed.stream().anyMatch(each -> pattern.matches(each.table().name()))) {
        continue;
      }
      for (LiveTable table : live.tables()) {
        if (table.parts().stream().anyMatch(part -> pattern.matches(part.name()))
            && !pattern.matches(table.name())) {
          throw Failure.usage(
              "'%s' is a partition of %s, which is exported as a whole"
                  .formatted(pattern, table.name().plain()),
              "use --table '%s', with --where for some of its rows"
                  .formatted(table.name().plain()));
        }
      }
      throw Failure.usage(
          live.withoutRows().stream().anyMatch(pattern::matches)
              ? "'%s' means only views or foreign tables, which have no rows of their own"
                  .formatted(pattern)
              : "no table%s is meant by '%s'"
                  .formatted(app.map(each -> " of the app " + each.name()).orElse(""), pattern),
          "name a table as schema.table; * stands for any letters, ? for one");
    }
  }

  private Map<TableName, Condition> conditions(List<Listed> listed) {
    Map<TableName, Condition> byTable = new HashMap<>();
    for (String text : conditions) {
      Meant meant =
          listed.stream()
              .flatMap(each -> Meant.of(text, each.table().name()).stream())
              .max(Comparator.comparingInt(each -> each.name().length()))
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "--where '%s' does not begin with the name of an exported table and a colon"
                              .formatted(text),
                          "write it like: --where \"public.orders: created_at >= '2024-01-01'\""));
      Condition condition = new Condition(text.substring(meant.name().length() + 1).strip());
      if (byTable.put(meant.table(), condition) != null) {
        throw Failure.usage(
            "there are two --where for " + meant.table().plain(),
            "join the conditions with and, or with or");
      }
    }
    return byTable;
  }

  /** A name of a table that a text begins with. A name may hold a colon, so the longest counts. */
  private record Meant(String name, TableName table) {
    static Optional<Meant> of(String text, TableName table) {
      return List.of(ExportedTable.key(table), table.plain(), table.toString()).stream()
          .filter(name -> text.startsWith(name + ":"))
          .findFirst()
          .map(name -> new Meant(name, table));
    }
  }
}
