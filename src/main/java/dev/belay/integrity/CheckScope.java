package dev.belay.integrity;

import dev.belay.core.TableName;
import java.util.function.Predicate;

/**
 * What of a database is checked.
 *
 * @param tables which tables and views
 * @param findings of what is checked at once, which findings count
 * @param whole whether it is everything
 */
public record CheckScope(Predicate<TableName> tables, Predicate<Finding> findings, boolean whole) {
  /** Everything. */
  public static final CheckScope WHOLE = new CheckScope(table -> true, finding -> true, true);

  /** How many findings must be looked at so that so many can be shown. */
  int most(int shown) {
    return whole ? shown : Integer.MAX_VALUE;
  }
}
