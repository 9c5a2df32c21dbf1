package dev.belay.scratch;

/**
 * How many rows of a table a migration changed, in the scratch database, where only the migrations
 * before have put any.
 *
 * @param relation the table; a partition counts by itself
 * @param inserted rows
 * @param updated rows
 * @param deleted rows
 */
public record RowsChanged(RecordedObject relation, long inserted, long updated, long deleted) {}
