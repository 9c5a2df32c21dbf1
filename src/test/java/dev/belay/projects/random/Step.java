package dev.belay.projects.random;

import dev.belay.core.Identifier;
import java.util.List;

/** One statement of a migration, as SQL and as what it does to a {@link World}. */
interface Step {
  /** The statement, without a semicolon. */
  String sql();

  /**
   * Does the same to the model.
   *
   * @param effect what it did, added to: equal in two worlds when PostgreSQL does the same in both
   * @throws World.Impossible when PostgreSQL would refuse it; the world is of no use then
   */
  void run(World world, List<String> effect) throws World.Impossible;

  /** Whether it cannot run in a transaction. */
  default boolean needsNoTransaction() {
    return false;
  }

  /** That name in SQL. */
  static String quoted(String name) {
    return new Identifier(name).toString();
  }
}
