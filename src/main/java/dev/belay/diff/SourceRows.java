package dev.belay.diff;

import java.util.List;

/** Brings rows of the source into a stage. */
interface SourceRows extends AutoCloseable {
  /**
   * Brings some.
   *
   * @param relation the table, or the partition, that holds all of them
   * @throws dev.belay.core.Failure when not every one of them is there
   */
  void fetch(MergeTable table, Decision decision, long relation, List<StagedRow> rows);

  /** The texts of some columns of a row. */
  RowTexts texts(MergeTable table, RowPlace place);

  @Override
  void close();
}
