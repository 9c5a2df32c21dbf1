package dev.belay.diff;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * How rows are merged.
 *
 * @param removals whether {@link Policy#THREE_WAY} removes what the source removed
 * @param triggers whether the user's triggers fire; where not, they are off in the merge's own
 *     transaction only
 * @param batchRows rows of one transaction; empty: everything is one transaction
 * @param samples rows shown of each kind and decision of a table
 * @param lockTimeout how long one try for a lock may wait
 * @param diff how the tables are compared
 */
public record MergeOptions(
    Policy policy,
    boolean removals,
    boolean triggers,
    OptionalInt batchRows,
    int samples,
    Duration lockTimeout,
    DiffOptions diff) {}
