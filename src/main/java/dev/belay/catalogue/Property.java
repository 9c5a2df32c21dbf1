package dev.belay.catalogue;

/** The names of properties that more than one place speaks of. */
final class Property {
  static final String ATTACHED_TO = "attached to";
  static final String BODY = "body";
  static final String COLLATION = "collation";
  static final String COLUMN_ORDER = "column order";
  static final String COMMENT = "comment";
  static final String DEFAULT = "default";
  static final String DEFINITION = "definition";
  static final String ENABLED = "enabled";
  static final String GRANTS = "grants";
  static final String IDENTITY_SEQUENCE = "identity sequence";
  static final String INHERITED = "inherited";
  static final String INHERITS = "inherits";
  static final String INDEX_COMMENT = "index comment";
  static final String LABEL = "security label";
  static final String NAME = "name";
  static final String NOT_NULL = "not null";
  static final String OPTIONS = "options";
  static final String OWNED_BY = "owned by";
  static final String OWNER = "owner";
  static final String PARTITION_BOUND = "partition bound";
  static final String PARTITION_OF = "partition of";
  static final String TABLESPACE = "tablespace";
  static final String TYPE = "type";
  static final String VERSION = "version";

  private Property() {}
}
