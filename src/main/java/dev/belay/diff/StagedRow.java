package dev.belay.diff;

import org.jspecify.annotations.Nullable;

/**
 * A row that is to be staged.
 *
 * @param number its place in the order in which rows were found, from 1, for each decision
 * @param source where the source has it; null for one that is removed
 * @param target where the target has it; null for one that is added
 */
record StagedRow(long number, @Nullable RowPlace source, @Nullable RowPlace target) {}
