package dev.belay.catalogue;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of objects of a schema, in an order in which they can be created. */
public enum ObjectKind {
  SCHEMA,
  LANGUAGE,
  EXTENSION,
  ACCESS_METHOD,
  COLLATION,
  ENUM("TYPE"),
  BASE_TYPE("TYPE"),
  COMPOSITE_TYPE("TYPE"),
  ATTRIBUTE,
  DOMAIN,
  DOMAIN_CONSTRAINT("CONSTRAINT"),
  RANGE_TYPE("TYPE"),
  FUNCTION,
  PROCEDURE,
  AGGREGATE,
  OPERATOR,
  OPERATOR_FAMILY,
  OPERATOR_CLASS,
  CAST,
  TRANSFORM,
  CONVERSION,
  TEXT_SEARCH_PARSER,
  TEXT_SEARCH_TEMPLATE,
  TEXT_SEARCH_DICTIONARY,
  TEXT_SEARCH_CONFIGURATION,
  FOREIGN_DATA_WRAPPER("foreign-data wrapper", "FOREIGN DATA WRAPPER"),
  SERVER,
  USER_MAPPING,
  SEQUENCE,
  TABLE,
  FOREIGN_TABLE,
  COLUMN,
  CONSTRAINT,
  INDEX,
  STATISTICS,
  VIEW,
  MATERIALIZED_VIEW,
  RULE,
  TRIGGER,
  POLICY,
  PUBLICATION,
  SUBSCRIPTION,
  EVENT_TRIGGER,
  DEFAULT_PRIVILEGES,
  PRIVILEGES;

  private static final Map<String, ObjectKind> BY_WORD =
      Arrays.stream(values()).collect(Collectors.toMap(kind -> plain(kind.word), kind -> kind));

  private final String word;
  private final String sql;

  ObjectKind() {
    this.word = name().toLowerCase(Locale.ROOT).replace('_', ' ');
    this.sql = name().replace('_', ' ');
  }

  ObjectKind(String sql) {
    this.word = name().toLowerCase(Locale.ROOT).replace('_', ' ');
    this.sql = sql;
  }

  ObjectKind(String word, String sql) {
    this.word = word;
    this.sql = sql;
  }

  /** The kind that is written so, with blanks, hyphens or underscores between its words. */
  public static Optional<ObjectKind> of(String written) {
    String plain = plain(written);
    return Optional.ofNullable(BY_WORD.get(plain));
  }

  private static String plain(String written) {
    return written.toLowerCase(Locale.ROOT).replace(" ", "").replace("_", "").replace("-", "");
  }

  /** The kind as people say it, such as {@code materialized view}. */
  public String word() {
    return word;
  }

  /** The words that stand for it in {@code DROP}, {@code ALTER} and {@code COMMENT ON}. */
  String sql() {
    return sql;
  }

  /** Whether it is what columns, constraints and triggers are parts of. */
  public boolean isRelation() {
    return switch (this) {
      case TABLE, FOREIGN_TABLE, VIEW, MATERIALIZED_VIEW, SEQUENCE -> true;
      default -> false;
    };
  }

  /** Whether it belongs to the database and not to one of its schemas. */
  public boolean isShared() {
    return switch (this) {
      case EXTENSION,
          LANGUAGE,
          ACCESS_METHOD,
          CAST,
          TRANSFORM,
          FOREIGN_DATA_WRAPPER,
          SERVER,
          USER_MAPPING,
          PUBLICATION,
          SUBSCRIPTION,
          EVENT_TRIGGER,
          PRIVILEGES ->
          true;
      default -> false;
    };
  }

  /** Whether rows, or numbers that were given out, are lost when it is dropped. */
  boolean holdsData() {
    return switch (this) {
      case TABLE, COLUMN, SEQUENCE, SCHEMA, EXTENSION, ATTRIBUTE -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return word;
  }
}
