package dev.belay.diff;

import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;
import java.util.Optional;

/** The relations of a database that can be compared and merged. */
public final class Relations {
  /** The schema in which Belay keeps what it has to remember in a target. */
  public static final String OWN_SCHEMA = "belay";

  private Relations() {}

  /**
   * Plain tables and partitioned ones, sorted by name: no partitions, no foreign or temporary
   * tables, none that belong to an extension, and not Belay's own.
   *
   * @throws dev.belay.core.Failure UNAVAILABLE when the session is lost
   */
  public static List<Relation> of(Database session) {
    return RelationQueries.all(session).stream()
        .filter(relation -> !relation.name().schema().equals(OWN_SCHEMA))
        .toList();
  }

  /** One relation, temporary ones of this session too. */
  public static Optional<Relation> find(Database session, TableName name) {
    return RelationQueries.find(session, name);
  }
}
