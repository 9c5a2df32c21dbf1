package dev.belay.integrity;

import java.util.Set;

/** How the values of a type go into the text of a row. */
public enum ColumnText {
  /** As they are: their text never holds one of the two control characters of the form. */
  PLAIN,

  /** By a hash of the characters, which takes no copy of them. */
  CHARACTERS,

  /** By a hash of what the type's output function writes. */
  OUTPUT;

  /**
   * PostgreSQL's own types, whose numbers never change: bool, bytea (in hex), int8, int2, int4,
   * oid, tid, xid, cid, float4, float8, money, macaddr, inet, cidr, macaddr8, date, time,
   * timestamp, timestamptz, interval, timetz, bit, varbit, numeric, uuid, pg_lsn, xid8.
   */
  private static final Set<Long> PLAIN_TYPES =
      Set.of(
          16L, 17L, 20L, 21L, 23L, 26L, 27L, 28L, 29L, 700L, 701L, 790L, 829L, 869L, 650L, 774L,
          1082L, 1083L, 1114L, 1184L, 1186L, 1266L, 1560L, 1562L, 1700L, 2950L, 3220L, 5069L);

  private static final Set<Long> CHARACTER_TYPES = Set.of(25L, 1043L);

  /**
   * By the type's number in {@code pg_type}. A domain, an enum, a composite, a range, an array and
   * whatever an extension brings have numbers that differ between databases: their output decides.
   */
  public static ColumnText of(long type) {
    return PLAIN_TYPES.contains(type)
        ? PLAIN
        : CHARACTER_TYPES.contains(type) ? CHARACTERS : OUTPUT;
  }
}
