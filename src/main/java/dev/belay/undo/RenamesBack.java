package dev.belay.undo;

import dev.belay.core.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The statements that give things their earlier names again. Whoever has such a name now gets
 * another first.
 */
final class RenamesBack {
  /** In this order: the name of a part is given when what it is a part of has its own again. */
  private static final List<Set<String>> TURNS =
      List.of(
          Set.of("SCHEMA"),
          Set.of(
              "TABLE",
              "VIEW",
              "MATERIALIZED VIEW",
              "SEQUENCE",
              "INDEX",
              "FOREIGN TABLE",
              "TYPE",
              "DOMAIN",
              "ROUTINE"),
          Set.of("COLUMN", "ATTRIBUTE", "CONSTRAINT", "TRIGGER", "POLICY", "VALUE"));

  private final Map<String, NamedObject> before;
  private final Map<String, NamedObject> now;
  private final List<String> statements = new ArrayList<>();
  private int others;

  private RenamesBack(Map<String, NamedObject> before, Map<String, NamedObject> after) {
    this.before = before;
    this.now = new TreeMap<>(after);
  }

  /**
   * The statements, in the order in which they are run; none where nothing was renamed.
   *
   * @param before what there was, by key
   * @param after what there is now
   */
  static List<String> statements(Map<String, NamedObject> before, Map<String, NamedObject> after) {
    RenamesBack renames = new RenamesBack(before, after);
    TURNS.forEach(renames::turn);
    return renames.statements;
  }

  private void turn(Set<String> kinds) {
    List<NamedObject> renamed = new ArrayList<>();
    Map<String, String> taken = new HashMap<>();
    for (NamedObject each : now.values()) {
      NamedObject earlier = before.get(each.key());
      if (earlier != null && kinds.contains(each.kind()) && !isSame(earlier, each)) {
        renamed.add(each);
      }
      taken.put(place(each), each.key());
    }
    for (NamedObject each : renamed) {
      NamedObject earlier = before.get(each.key());
      String holder = earlier == null ? null : taken.get(place(earlier));
      NamedObject inTheWay = holder == null ? null : now.get(holder);
      if (inTheWay != null && !inTheWay.key().equals(each.key())) {
        rename(inTheWay, "belay_undo_" + ++others);
      }
    }
    for (NamedObject each : renamed) {
      NamedObject earlier = before.get(each.key());
      NamedObject current = now.get(each.key());
      if (earlier != null && current != null) {
        back(earlier, current);
      }
    }
  }

  private static boolean isSame(NamedObject earlier, NamedObject current) {
    return earlier.name().equals(current.name()) && earlier.scope().equals(current.scope());
  }

  private static String place(NamedObject object) {
    return object.scope() + " " + object.name();
  }

  private void back(NamedObject earlier, NamedObject current) {
    NamedObject at = current;
    if (!earlier.scope().equals(current.scope()) && !current.isPart()) {
      NamedObject schema = now.get(earlier.scope().replaceFirst("^f:(\\d+):.*", "s:$1"));
      String name = schema == null ? earlier.schema() : schema.name();
      statements.add(alter(current) + " SET SCHEMA " + new Identifier(name) + ";");
      at = named(current, earlier.scope(), name, current.name());
      now.put(at.key(), at);
    }
    if (!at.name().equals(earlier.name())) {
      rename(at, earlier.name());
    }
  }

  private void rename(NamedObject object, String name) {
    Identifier to = new Identifier(name);
    Identifier from = new Identifier(object.name());
    String of = parent(object);
    statements.add(
        switch (object.kind()) {
          case "COLUMN" -> "ALTER TABLE %s RENAME COLUMN %s TO %s;".formatted(of, from, to);
          case "ATTRIBUTE" ->
              "ALTER TYPE %s RENAME ATTRIBUTE %s TO %s CASCADE;".formatted(of, from, to);
          case "CONSTRAINT" -> "ALTER TABLE %s RENAME CONSTRAINT %s TO %s;".formatted(of, from, to);
          case "TRIGGER", "POLICY" ->
              "ALTER %s %s ON %s RENAME TO %s;".formatted(object.kind(), from, of, to);
          case "VALUE" ->
              "ALTER TYPE %s RENAME VALUE %s TO %s;"
                  .formatted(
                      of,
                      Identifier.literal(object.name()).strip(),
                      Identifier.literal(name).strip());
          default -> alter(object) + " RENAME TO " + to + ";";
        });
    now.put(object.key(), named(object, object.scope(), object.schema(), name));
  }

  /** What it is a part of, under the name that this has by now. */
  private String parent(NamedObject part) {
    if (!part.isPart()) {
      return "";
    }
    String key = part.scope().replaceFirst("^[gp]:", "r:").replaceFirst("^e:", "t:");
    NamedObject whole = now.get(key);
    return whole == null
        ? schema(part) + new Identifier(part.parent())
        : schema(whole) + new Identifier(whole.name());
  }

  private String alter(NamedObject object) {
    return object.kind().equals("SCHEMA")
        ? "ALTER SCHEMA " + new Identifier(object.name())
        : "ALTER %s %s%s%s"
            .formatted(
                object.kind(), schema(object), new Identifier(object.name()), object.arguments());
  }

  /** Its schema may have its earlier name again. */
  private String schema(NamedObject object) {
    String key = object.scope().replaceFirst("^f:(\\d+):.*", "s:$1");
    NamedObject schema = key.startsWith("s:") ? now.get(key) : null;
    return new Identifier(schema == null ? object.schema() : schema.name()) + ".";
  }

  private static NamedObject named(NamedObject object, String scope, String schema, String name) {
    return new NamedObject(
        object.key(), object.kind(), scope, schema, name, object.parent(), object.arguments());
  }
}
