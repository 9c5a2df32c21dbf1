package dev.belay.reconcile;

import java.time.Instant;

/**
 * One step of a run.
 *
 * @param what in words
 * @param outcome what came of it, in words
 */
public record Phase(String what, Instant startedAt, long durationMillis, String outcome) {}
