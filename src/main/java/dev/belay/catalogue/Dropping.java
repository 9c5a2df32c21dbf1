package dev.belay.catalogue;

/** The statements that drop objects; those that would destroy data are remarks. */
final class Dropping {
  private Dropping() {}

  /** The statement; a remark where rows, or numbers that were given out, would be lost. */
  static String of(SchemaObject object) {
    String sql = statement(object);
    return object.key().kind().holdsData()
        ? Step.remark("not run, since it would destroy what is in it:") + "\n" + Step.remark(sql)
        : sql;
  }

  /** The statement, whatever would be lost. */
  static String statement(SchemaObject object) {
    ObjectKey key = object.key();
    String member = key.isMember() ? Sql.name(key.member()) : "";
    String relation = Sql.relation(key);
    return switch (key.kind()) {
      case COLUMN -> "ALTER TABLE " + relation + " DROP COLUMN " + member + ";";
      case ATTRIBUTE -> "ALTER TYPE " + relation + " DROP ATTRIBUTE " + member + " CASCADE;";
      case CONSTRAINT -> "ALTER TABLE " + relation + " DROP CONSTRAINT " + member + ";";
      case DOMAIN_CONSTRAINT -> "ALTER DOMAIN " + relation + " DROP CONSTRAINT " + member + ";";
      default -> "DROP " + Address.withKind(object) + ";";
    };
  }
}
