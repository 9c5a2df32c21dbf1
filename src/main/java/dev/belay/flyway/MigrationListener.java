package dev.belay.flyway;

import dev.belay.postgres.Database;
import org.jspecify.annotations.Nullable;

/** Is told what Flyway does while it does it, in Flyway's own session. */
public interface MigrationListener {
  /**
   * A migration begins.
   *
   * @param script its path from its location on, or the class name of a Java migration
   * @param checksum what Flyway read it as; null: it has none
   * @param session Flyway's session, in the migration's transaction where it has one
   */
  void begins(String script, @Nullable Integer checksum, Database session);

  /** It went through; where it has a transaction, this is before the commit. */
  void applied(String script, Database session);

  /** It failed. */
  void failed(String script);
}
