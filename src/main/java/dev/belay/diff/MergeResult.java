package dev.belay.diff;

import java.util.Optional;

/**
 * What came of a merge.
 *
 * @param plan the last one
 * @param outcome what was done; empty: it was stopped after the plan
 */
public record MergeResult(MergePlan plan, Optional<MergeOutcome> outcome) {}
