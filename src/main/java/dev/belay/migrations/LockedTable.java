package dev.belay.migrations;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.core.Units;
import dev.belay.scratch.LockMode;
import dev.belay.undo.Amount;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * A table that a migration locks.
 *
 * @param table {@code schema.name} without quotes; in the live database, where it is there
 * @param mode the strongest lock, as SQL writes it
 * @param stops what others cannot do meanwhile
 * @param rewritten whether every row is written anew
 * @param live whether it is in the live database; else an earlier pending migration makes it
 * @param bytes its live size with indexes; empty when it is not known
 * @param rows its live rows
 */
public record LockedTable(
    String table,
    String mode,
    Stops stops,
    boolean rewritten,
    boolean live,
    Optional<Long> bytes,
    Optional<Amount> rows) {
  static final Comparator<LockedTable> ORDER =
      Comparator.comparing(LockedTable::strength).reversed().thenComparing(LockedTable::table);

  /** What a lock stops. */
  public enum Stops {
    nothing,
    writes,
    everything
  }

  static Stops stopped(LockMode mode) {
    return mode.stopsReads() ? Stops.everything : mode.stopsWrites() ? Stops.writes : Stops.nothing;
  }

  private LockMode strength() {
    return LockMode.valueOf(mode.replace(' ', '_').toUpperCase(Locale.ROOT));
  }

  /** Its size for people. */
  @JsonIgnore
  public String size() {
    return live ? bytes.map(Units::bytes).orElse("unknown size") : "new";
  }

  /** Its rows for people. */
  @JsonIgnore
  public String count() {
    return live ? rows.orElse(Amount.UNKNOWN).words("row", "rows") : "";
  }

  /** What it stops, for people. */
  @JsonIgnore
  public String effect() {
    return switch (stops) {
          case nothing -> "stops nobody";
          case writes -> "stops writes";
          case everything -> "stops reads and writes";
        }
        + (rewritten ? ", rewrites it" : "");
  }
}
