package dev.belay.catalogue;

/** How SQL names an object after the words for its kind. */
final class Address {
  private Address() {}

  /** After {@code COMMENT ON <kind>}, {@code DROP <kind>} and {@code ALTER <kind>}. */
  static String of(SchemaObject object) {
    ObjectKey key = object.key();
    if (!object.address().isEmpty()) {
      return object.address();
    }
    return switch (key.kind()) {
      case COLUMN, ATTRIBUTE -> Sql.relation(key) + "." + Sql.name(key.member());
      case CONSTRAINT, TRIGGER, RULE, POLICY -> Sql.name(key.member()) + " ON " + Sql.relation(key);
      case DOMAIN_CONSTRAINT -> Sql.name(key.member()) + " ON DOMAIN " + Sql.relation(key);
      case INDEX -> Sql.name(key.schema(), key.member());
      default -> Sql.relation(key);
    };
  }

  /** The words for its kind and its name. */
  static String withKind(SchemaObject object) {
    String kind =
        object.key().kind() == ObjectKind.ATTRIBUTE ? "COLUMN" : object.key().kind().sql();
    return kind + " " + of(object);
  }
}
