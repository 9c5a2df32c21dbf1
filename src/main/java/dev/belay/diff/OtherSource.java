package dev.belay.diff;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows that come from a table of another session, as that one sees them, as bytes. */
final class OtherSource implements SourceRows {
  private final Side side;
  private final Database target;
  private final Map<Long, String> parts = new HashMap<>();
  private @Nullable Database session;

  /**
   * @param target the session of the merge
   */
  OtherSource(Side side, Database target) {
    this.side = side;
    this.target = target;
  }

  private Database session() {
    if (session == null) {
      session = side.workers().get();
    }
    return session;
  }

  @Override
  public void fetch(MergeTable table, Decision decision, long relation, List<StagedRow> rows) {
    String from = from(table, relation);
    long brought =
        StagingQueries.pipe(
            session(),
            StagingQueries.select(table, from, rows),
            target,
            StagingQueries.into(table, decision));
    if (brought != rows.size()) {
      throw Failure.failed(
          "%d rows of %s were to be read from %s, and %d were there"
              .formatted(rows.size(), table.name().plain(), side.target(), brought),
          "run it again when nobody changes the schema of the source");
    }
  }

  /** A partition is read by itself, where this role may; the others need not be looked at. */
  private String from(MergeTable table, long relation) {
    Relation whole = table.pair().source();
    if (relation == whole.oid()) {
      return whole.from();
    }
    return parts.computeIfAbsent(
        relation, number -> PartQueries.from(session(), number).orElse(whole.from()));
  }

  @Override
  public RowTexts texts(MergeTable table, RowPlace place) {
    return SampleQueries.texts(session(), table.pair().source(), table.pair(), place);
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
  }
}
