package dev.belay.catalogue;

import java.util.List;

/** Whether triggers, rules and event triggers fire, as statements. */
final class EnabledSql {
  private EnabledSql() {}

  /** What makes a new one fire as it should; nothing where that is as usual. */
  static List<String> of(SchemaObject object) {
    return object.has(Property.ENABLED) ? List.of(change(object)) : List.of();
  }

  /** What makes one that is there fire as it should. */
  static String change(SchemaObject object) {
    ObjectKey key = object.key();
    String how = object.has(Property.ENABLED) ? object.get(Property.ENABLED) : "ENABLE";
    return key.kind() == ObjectKind.EVENT_TRIGGER
        ? "ALTER EVENT TRIGGER " + Sql.name(key.name()) + " " + how + ";"
        : "ALTER TABLE "
            + Sql.relation(key)
            + " "
            + how
            + " "
            + key.kind().sql()
            + " "
            + Sql.name(key.member())
            + ";";
  }
}
