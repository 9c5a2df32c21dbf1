package dev.belay.reconcile;

import dev.belay.core.TableName;
import dev.belay.report.ToPaste;

/**
 * A table that the source has and the target does not.
 *
 * @param rows that it has in the source; below zero: not known
 * @param remedy the command that brings it back
 */
public record MissingTable(TableName table, long rows, @ToPaste String remedy) {}
