package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.List;

/** What makes a table as it should be, without its parts. */
final class TableChange {
  private final Difference difference;
  private final SchemaObject wanted;
  private final SchemaObject there;
  private final String alter;

  TableChange(Difference difference, SchemaObject wanted, SchemaObject there) {
    this.difference = difference;
    this.wanted = wanted;
    this.there = there;
    this.alter = "ALTER TABLE " + Sql.relation(wanted.key());
  }

  List<String> statements() {
    List<String> lines = new ArrayList<>();
    flag(lines, "unlogged", " SET UNLOGGED;", " SET LOGGED;");
    lines.addAll(options(difference, wanted, there));
    if (difference.changes("access method")) {
      String method = wanted.has("access method") ? wanted.get("access method") : "heap";
      lines.add(alter + " SET ACCESS METHOD " + Sql.name(method) + ";");
    }
    flag(lines, "row security", " ENABLE ROW LEVEL SECURITY;", " DISABLE ROW LEVEL SECURITY;");
    flag(
        lines,
        "forced row security",
        " FORCE ROW LEVEL SECURITY;",
        " NO FORCE ROW LEVEL SECURITY;");
    if (difference.changes("of type")) {
      lines.add(
          alter + (wanted.has("of type") ? " OF " + wanted.get("of type") + ";" : " NOT OF;"));
    }
    if (difference.changes("foreign options")) {
      lines.add(alter + foreignOptions() + ";");
    }
    for (String property : List.of("partition key", "server")) {
      if (difference.changes(property)) {
        lines.add(
            Step.remark(
                "no statement changes the %s of a table: of %s it should be %s"
                    .formatted(
                        property,
                        wanted.key().plain(),
                        wanted.has(property) ? wanted.get(property) : "none")));
      }
    }
    parents(lines);
    return lines;
  }

  private void flag(List<String> lines, String property, String on, String off) {
    if (difference.changes(property)) {
      lines.add(alter + (wanted.has(property) ? on : off));
    }
  }

  private void parents(List<String> lines) {
    if (difference.changes(Property.PARTITION_OF) || difference.changes(Property.PARTITION_BOUND)) {
      if (there.has(Property.PARTITION_OF)) {
        lines.add(TableSql.detach(there));
      }
      // It is attached when its columns and indexes are there: the alignment does that.
    }
    List<String> before = Sql.names(there.get(Property.INHERITS));
    List<String> after = Sql.names(wanted.get(Property.INHERITS));
    for (String parent : before) {
      if (!after.contains(parent)) {
        lines.add(alter + " NO INHERIT " + parent + ";");
      }
    }
    for (String parent : after) {
      if (!before.contains(parent)) {
        lines.add(alter + " INHERIT " + parent + ";");
      }
    }
  }

  private String foreignOptions() {
    return foreignOptions(wanted, there);
  }

  /** {@code OPTIONS (…)} that leads from one list of options to the other. */
  static String foreignOptions(SchemaObject wanted, SchemaObject there) {
    String property = "foreign options";
    List<String> before = Sql.optionNames(there.get(property), ' ');
    List<String> parts = new ArrayList<>();
    List<String> after = Sql.optionNames(wanted.get(property), ' ');
    before.stream()
        .filter(name -> !after.contains(name))
        .forEach(name -> parts.add("DROP " + name));
    wanted
        .get(property)
        .lines()
        .forEach(
            line -> {
              String name = line.substring(0, line.indexOf(' '));
              parts.add((before.contains(name) ? "SET " : "ADD ") + line);
            });
    return " OPTIONS (" + String.join(", ", parts) + ")";
  }

  /** Storage options and the tablespace, of a table or a view. */
  static List<String> options(Difference difference, SchemaObject wanted, SchemaObject there) {
    List<String> lines = new ArrayList<>();
    String alter = "ALTER " + wanted.key().kind().sql() + " " + Sql.relation(wanted.key());
    for (String property : List.of(Property.OPTIONS, "toast options")) {
      if (difference.changes(property)) {
        lines.addAll(options(alter, property, wanted, there));
      }
    }
    if (difference.changes(Property.TABLESPACE)) {
      String name =
          wanted.has(Property.TABLESPACE) ? wanted.get(Property.TABLESPACE) : "pg_default";
      lines.add(alter + " SET TABLESPACE " + Sql.name(name) + ";");
    }
    return lines;
  }

  /** Options that are set, and those that should not be there taken back. */
  static List<String> options(
      String alter, String property, SchemaObject wanted, SchemaObject there) {
    List<String> lines = new ArrayList<>();
    List<String> after = Sql.optionNames(wanted.get(property), '=');
    List<String> gone =
        Sql.optionNames(there.get(property), '=').stream()
            .filter(name -> !after.contains(name))
            .toList();
    if (!gone.isEmpty()) {
      lines.add(alter + " RESET (" + String.join(", ", gone) + ");");
    }
    if (!after.isEmpty()) {
      lines.add(alter + " SET (" + Sql.list(wanted.get(property)) + ");");
    }
    return lines;
  }
}
