package dev.belay.points;

import dev.belay.core.TableName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which point is to be made.
 *
 * @param name as it was given; empty: that of its first table
 * @param kind as in {@link PointRecord}
 * @param choose its tables, from those that are there
 */
public record PointRequest(
    Optional<String> name,
    Optional<String> description,
    String kind,
    Function<List<TableName>, List<TableName>> choose) {
  /** Made because somebody asked for it. */
  public static final String MANUAL = "manual";

  /** Made of what an execution takes away. */
  public static final String BEFORE = "before";

  /** Made at the beginning of a migration's transaction. */
  public static final String TRANSACTION = "transaction";
}
