package dev.belay.catalogue;

/** Sequences as statements. */
final class SequenceSql {
  private SequenceSql() {}

  static String create(SchemaObject sequence) {
    return "CREATE "
        + (sequence.has("unlogged") ? "UNLOGGED " : "")
        + "SEQUENCE "
        + Sql.relation(sequence.key())
        + options(sequence);
  }

  static String alter(SchemaObject sequence) {
    return "ALTER SEQUENCE " + Sql.relation(sequence.key()) + options(sequence) + ";";
  }

  /** Which column it belongs to. */
  static String owner(SchemaObject sequence) {
    return "ALTER SEQUENCE "
        + Sql.relation(sequence.key())
        + " OWNED BY "
        + (sequence.has(Property.OWNED_BY) ? sequence.get(Property.OWNED_BY) : "NONE")
        + ";";
  }

  private static String options(SchemaObject sequence) {
    return " AS "
        + sequence.get(Property.TYPE)
        + " INCREMENT BY "
        + sequence.get("increment")
        + " MINVALUE "
        + sequence.get("minimum")
        + " MAXVALUE "
        + sequence.get("maximum")
        + " START WITH "
        + sequence.get("start")
        + " CACHE "
        + sequence.get("cache")
        + (sequence.has("cycle") ? " CYCLE" : " NO CYCLE");
  }
}
