package dev.belay.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Set;

/** How the values of a column are written in an export. A null is {@code null} in all of them. */
public enum ValueForm {
  /** As a number, digit for digit; NaN and the infinities as strings. */
  @JsonProperty("number")
  NUMBER,

  /** As {@code true} or {@code false}. */
  @JsonProperty("boolean")
  BOOLEAN,

  /**
   * As the JSON that it is, but for strings and the null of JSON: those are strings that hold the
   * JSON's text, since {@code null} is the null of SQL.
   */
  @JsonProperty("json")
  JSON,

  /** As a string with what the type's output function writes. */
  @JsonProperty("text")
  TEXT,

  /** Not at all: the database computes the column from others. */
  @JsonProperty("omitted")
  OMITTED;

  /** PostgreSQL's own types: int8, int2, int4, oid, float4, float8, numeric. */
  private static final Set<Long> NUMBERS = Set.of(20L, 21L, 23L, 26L, 700L, 701L, 1700L);

  private static final long BOOL = 16;
  private static final long JSONB = 3802;

  /**
   * By the type's number in {@code pg_type}; of a domain, that of the type below it. The text of
   * type {@code json} may have any white space and keys twice, so it is a string like all others.
   */
  static ValueForm of(long type) {
    if (NUMBERS.contains(type)) {
      return NUMBER;
    }
    return type == BOOL ? BOOLEAN : type == JSONB ? JSON : TEXT;
  }
}
