package dev.belay.scratch;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What was recorded of a migration, in the form of the lines that the projects have of it. */
final class RecordedLines {
  /** Kinds that the projects name; what belongs to one of them is told as its change. */
  private static final Set<String> WHOLE =
      Set.of(
          "table",
          "view",
          "materialized view",
          "foreign table",
          "index",
          "sequence",
          "function",
          "procedure",
          "aggregate",
          "type",
          "trigger",
          "policy",
          "schema",
          "extension",
          "statistics object",
          "default acl");

  private final RecordedMigration migration;
  private final Set<String> lines = new TreeSet<>();
  private final Set<ObjectAddress> created = new HashSet<>();
  private final Set<ObjectAddress> dropped = new HashSet<>();
  private final Set<ObjectAddress> ofExtensions = new HashSet<>();

  private RecordedLines(RecordedMigration migration) {
    this.migration = migration;
  }

  static Set<String> of(RecordedMigration migration) {
    RecordedLines recorded = new RecordedLines(migration);
    recorded.addAll();
    return recorded.lines;
  }

  private void addAll() {
    Set<ObjectAddress> extensions = new HashSet<>();
    Set<String> constraints = new HashSet<>();
    for (RecordedObject object : migration.created()) {
      created.add(object.address());
      if (object.type().equals("extension")) {
        extensions.add(object.address());
      }
    }
    migration.dropped().forEach(object -> dropped.add(object.address()));
    migration.references().stream()
        .filter(reference -> extensions.contains(reference.to()))
        .forEach(reference -> ofExtensions.add(reference.from()));
    all()
        .filter(object -> object.type().equals("table constraint"))
        .forEach(object -> constraints.add(Before.on(object.identity())));
    for (RecordedObject object : all().toList()) {
      boolean ofConstraint =
          object.type().equals("index")
              && constraints.contains(ColumnName.last(object.identity()).substring(1));
      if (!object.internal() && !ofExtensions.contains(object.address()) && !ofConstraint) {
        add(object);
      }
    }
    rebuiltIndexes();
    migration.rewritten().forEach(object -> lines.add("rewrites " + words(object)));
    migration.emptied().forEach(object -> lines.add("rewrites " + words(object)));
    addRows();
    for (RelationLock lock : migration.locks()) {
      if (!Set.of("index", "composite type").contains(lock.relation().type())) {
        lines.add("lock " + lock.strongest().word() + " " + lock.relation().identity());
      }
    }
    if (!migration.inTransaction()) {
      lines.add("no transaction");
    }
  }

  private Stream<RecordedObject> all() {
    return Stream.of(migration.created(), migration.changed(), migration.dropped())
        .flatMap(List::stream);
  }

  private void add(RecordedObject object) {
    boolean isNew = created.contains(object.address());
    boolean isGone = dropped.contains(object.address());
    String whole = whole(object);
    if (!whole.isEmpty()) {
      if (!isNewOrGone(whole)) {
        lines.add("alters " + whole);
        boolean column = object.type().equals("table column");
        if (column && (isNew || isGone)) {
          lines.add(
              (isNew ? "adds" : "drops")
                  + " column "
                  + ColumnName.last(object.identity()).substring(1)
                  + " of "
                  + whole.substring("table ".length()));
        }
      }
      return;
    }
    if (WHOLE.contains(type(object))) {
      lines.add((isNew ? "creates " : isGone ? "drops " : "alters ") + words(object));
    }
  }

  private boolean isNewOrGone(String words) {
    return all()
        .filter(object -> created.contains(object.address()) || dropped.contains(object.address()))
        .anyMatch(object -> words(object).equals(words));
  }

  /** What a part is a part of, in words; empty for what is none. */
  private static String whole(RecordedObject object) {
    String identity = object.identity();
    return switch (object.type()) {
      case "table column", "partition column" -> "table " + Before.lastDot(identity);
      case "view column" -> "view " + Before.lastDot(identity);
      case "materialized view column" -> "materialized view " + Before.lastDot(identity);
      case "composite type column", "enum value" -> "type " + Before.lastDot(identity);
      case "table constraint", "rule" ->
          "table " + identity.substring(identity.indexOf(" on ") + 4);
      case "domain constraint" -> "type " + identity.substring(identity.indexOf(" on ") + 4);
      case "default value" -> "table " + Before.lastDot(identity.substring("for ".length()));
      default -> "";
    };
  }

  /** To build an index anew without holding up others means to put another in its place. */
  private void rebuiltIndexes() {
    for (String line : List.copyOf(lines)) {
      if (line.startsWith("creates index ") && lines.contains("drops" + line.substring(7))) {
        lines.remove(line);
        lines.remove("drops" + line.substring(7));
        lines.add("rewrites" + line.substring(7));
      }
    }
  }

  private void addRows() {
    if (!migration.inTransaction()) {
      return;
    }
    for (RowsChanged rows : migration.rows()) {
      String of = " rows of " + rows.relation().identity();
      count("inserts ", rows.inserted(), of);
      count("updates ", rows.updated(), of);
      count("deletes ", rows.deleted(), of);
    }
  }

  private static String type(RecordedObject object) {
    return switch (object.type()) {
      case "partition" -> "table";
      case "composite type" -> "type";
      default -> object.type();
    };
  }

  private static String words(RecordedObject object) {
    return type(object) + " " + object.identity();
  }

  private void count(String verb, long rows, String of) {
    if (rows != 0) {
      lines.add(verb + rows + of);
    }
  }

  /** Parts of names. */
  private static final class Before {
    static String lastDot(String name) {
      return name.substring(0, name.length() - ColumnName.last(name).length());
    }

    static String on(String name) {
      return name.substring(0, name.indexOf(" on "));
    }
  }
}
