package dev.belay.core;

import java.util.Objects;

/**
 * A name of a database object. {@link #toString()} gives it quoted, always, so it is the only thing
 * that may be spliced into SQL; {@link #name()} gives it as it is in the catalogue.
 */
public record Identifier(String name) implements Comparable<Identifier> {
  public Identifier {
    Objects.requireNonNull(name);
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      throw Failure.usage(
          "a name of a database object cannot be empty or hold a null character",
          "give the name as psql shows it");
    }
  }

  /**
   * The name, quoted for SQL as PostgreSQL's quote_ident does, even where quotes are not needed.
   */
  @Override
  public String toString() {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public int compareTo(Identifier other) {
    return name.compareTo(other.name);
  }

  /** A string literal for the few statements that take no parameter, such as {@code COMMENT}. */
  public static String literal(String value) {
    String quoted = "'" + value.replace("'", "''") + "'";
    return value.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
  }
}
