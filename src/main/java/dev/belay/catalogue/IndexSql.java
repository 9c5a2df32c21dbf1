package dev.belay.catalogue;

import java.util.ArrayList;
import java.util.List;

/** What is set on an index, or on the index of a constraint, as statements. */
final class IndexSql {
  private IndexSql() {}

  /** What a new one needs beside its definition. */
  static List<String> settings(SchemaObject object) {
    List<String> lines = new ArrayList<>();
    String index = index(object.key());
    if (object.has(Property.OPTIONS)) {
      lines.add("ALTER INDEX " + index + " SET (" + Sql.list(object.get(Property.OPTIONS)) + ");");
    }
    if (object.has(Property.TABLESPACE)) {
      lines.add(tablespace(object));
    }
    if (object.has("statistics")) {
      lines.addAll(statistics(object, ""));
    }
    if (object.has("clustered")) {
      lines.add(clustered(object.key()));
    }
    return lines;
  }

  static String index(ObjectKey key) {
    return Sql.name(key.schema(), key.member());
  }

  static String tablespace(SchemaObject object) {
    String name = object.has(Property.TABLESPACE) ? object.get(Property.TABLESPACE) : "pg_default";
    return "ALTER INDEX " + index(object.key()) + " SET TABLESPACE " + Sql.name(name) + ";";
  }

  static String clustered(ObjectKey key) {
    return "ALTER TABLE " + Sql.relation(key) + " CLUSTER ON " + Sql.name(key.member()) + ";";
  }

  /** The targets as they should be, and those that should not be there taken back. */
  static List<String> statistics(SchemaObject object, String there) {
    List<String> lines = new ArrayList<>();
    String alter = "ALTER INDEX " + index(object.key()) + " ALTER COLUMN ";
    List<String> wanted = targets(object.get("statistics"));
    for (String old : targets(there)) {
      String column = old.substring(0, old.indexOf(':'));
      if (wanted.stream().noneMatch(each -> each.startsWith(column + ":"))) {
        lines.add(alter + column + " SET STATISTICS -1;");
      }
    }
    for (String each : wanted) {
      lines.add(alter + each.replace(":", " SET STATISTICS") + ";");
    }
    return lines;
  }

  private static List<String> targets(String list) {
    return list.isEmpty() ? List.of() : List.of(list.split(", ", -1));
  }
}
