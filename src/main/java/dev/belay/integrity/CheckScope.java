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

  /** Some tables and views, and only findings about them. */
  public static CheckScope of(Predicate<TableName> tables) {
    return new CheckScope(tables, finding -> isAbout(finding, tables), false);
  }

  private static boolean isAbout(Finding finding, Predicate<TableName> tables) {
    String schema = finding.place().get("schema");
    String table = finding.place().get("table");
    return schema != null && table != null && tables.test(new TableName(schema, table));
  }

  /** How many findings must be looked at so that so many can be shown. */
  int most(int shown) {
    return whole ? shown : Integer.MAX_VALUE;
  }
}
