package dev.belay.diff;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.postgres.Database;
import java.util.List;

/** Rows that come from a temporary table of the merge's own session. */
final class StagedSource implements SourceRows {
  private final Database session;
  private final TableName staged;

  StagedSource(Database session, TableName staged) {
    this.session = session;
    this.staged = staged;
  }

  @Override
  public void fetch(MergeTable table, Decision decision, long relation, List<StagedRow> rows) {
    int brought =
        session.execute(
            "insert into "
                + StagingQueries.into(table, decision)
                + " "
                + StagingQueries.select(table, staged.toString(), rows));
    if (brought != rows.size()) {
      throw Failure.failed(
          "%d rows were to be read from %s, and %d were there"
              .formatted(rows.size(), staged.plain(), brought),
          "run it again");
    }
  }

  @Override
  public RowTexts texts(MergeTable table, RowPlace place) {
    return SampleQueries.texts(
        session, staged.toString(), table.pair().columns(), place, table.name());
  }

  @Override
  public void close() {
    // The session is the merge's.
  }
}
