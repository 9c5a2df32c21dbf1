package dev.belay.recovery;

import dev.belay.catalogue.Catalogue;
import dev.belay.catalogue.CatalogueComparison;
import dev.belay.catalogue.Difference;
import dev.belay.catalogue.ObjectKey;
import dev.belay.catalogue.ObjectKind;
import dev.belay.core.TableName;
import dev.belay.flyway.AppliedMigration;
import dev.belay.flyway.MigrationHistory;
import dev.belay.postgres.Database;
import dev.belay.swap.GuardedRun;
import dev.belay.undo.SchemaReturn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a migration left: how the database differs from what it was before.
 *
 * @param apps what Flyway's tables say now, for each app whose table says something else
 * @param schema in what the schema differs, in words
 * @param columns new columns of tables that were there before
 */
record Left(List<App> apps, List<String> schema, List<NewColumn> columns) {
  Left {
    apps = List.copyOf(apps);
    schema = List.copyOf(schema);
    columns = List.copyOf(columns);
  }

  /**
   * One app.
   *
   * @param history what its table says now
   * @param applied what is in force now and was not before, in the order in which it was applied
   * @param failed rows that say that a migration failed
   * @param gone whether something is not in force any more that was
   */
  record App(
      MigrationHistory history,
      List<AppliedMigration> applied,
      List<AppliedMigration> failed,
      boolean gone) {
    App {
      applied = List.copyOf(applied);
      failed = List.copyOf(failed);
    }

    TableName table() {
      return new TableName(history.schema(), history.table());
    }

    boolean changed() {
      return !applied.isEmpty() || !failed.isEmpty() || gone;
    }
  }

  /** A column that was not there before. */
  record NewColumn(TableName table, String column) {}

  /** Looks. */
  static Left look(GuardedRun run, Database session, Before before) {
    List<App> apps = new ArrayList<>();
    List<MigrationHistory> now = Before.histories(run, session);
    for (int at = 0; at < now.size(); at++) {
      App app = app(before.histories().get(at), now.get(at));
      if (app.changed()) {
        apps.add(app);
      }
    }
    Catalogue catalogue = Before.catalogue(run, session);
    return new Left(
        apps, schema(before.catalogue(), catalogue), columns(before.catalogue(), catalogue));
  }

  private static App app(MigrationHistory before, MigrationHistory now) {
    Set<AppliedMigration> forceBefore = new HashSet<>(before.inForce());
    Set<AppliedMigration> rowsBefore = new HashSet<>(before.rows());
    List<AppliedMigration> inForce = now.inForce();
    return new App(
        now,
        inForce.stream().filter(row -> !forceBefore.contains(row)).toList(),
        now.rows().stream().filter(row -> !row.success() && !rowsBefore.contains(row)).toList(),
        !new HashSet<>(inForce).containsAll(forceBefore));
  }

  private static List<String> schema(Catalogue before, Catalogue now) {
    return CatalogueComparison.of(before, now, SchemaReturn.OPTIONS).differences().stream()
        .filter(each -> !each.isColumnOrderOnly())
        .map(Left::words)
        .toList();
  }

  private static String words(Difference difference) {
    return switch (difference.group()) {
      case MISSING -> difference.key() + " is gone";
      case ORPHANED -> difference.key() + " is new";
      case DIFFERENT ->
          "%s has another %s"
              .formatted(
                  difference.key(),
                  difference.properties().stream()
                      .map(Difference.PropertyDifference::property)
                      .collect(Collectors.joining(", ")));
    };
  }

  private static List<NewColumn> columns(Catalogue before, Catalogue now) {
    return CatalogueComparison.of(before, now, SchemaReturn.OPTIONS).all().stream()
        .filter(each -> each.group() == Difference.Group.ORPHANED)
        .map(Difference::key)
        .filter(key -> key.kind() == ObjectKind.COLUMN)
        .filter(key -> before.objects().containsKey(table(key)))
        .map(key -> new NewColumn(new TableName(key.schema(), key.name()), key.member()))
        .toList();
  }

  private static ObjectKey table(ObjectKey column) {
    return ObjectKey.of(ObjectKind.TABLE, column.schema(), column.name());
  }

  /** Whether schema and histories are as before. */
  boolean nothing() {
    return apps.isEmpty() && schema.isEmpty();
  }

  /** In words. */
  List<String> words() {
    List<String> words = new ArrayList<>();
    for (App app : apps) {
      String name = app.history().app();
      app.applied().forEach(row -> words.add("applied: %s of %s".formatted(row.script(), name)));
      app.failed()
          .forEach(
              row ->
                  words.add(
                      "recorded as failed, half of it may be done: %s of %s"
                          .formatted(row.script(), name)));
      if (app.gone()) {
        words.add("migrations of %s are not in force any more that were".formatted(name));
      }
    }
    schema.forEach(each -> words.add("schema: " + each));
    return words;
  }
}
