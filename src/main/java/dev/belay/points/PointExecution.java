package dev.belay.points;

import java.time.Instant;
import java.util.Optional;

/**
 * One time that data was brought back to a point.
 *
 * @param type such as {@code full}
 * @param by who did it, {@code user@host}
 * @param run as in the journal and in the audit trail
 * @param proven whether the tables were found equal to the point, before that was committed
 * @param before the point that was made of what was there before; empty: nothing was taken away
 */
public record PointExecution(
    Instant at,
    String type,
    String by,
    String run,
    long added,
    long changed,
    long removed,
    boolean proven,
    Optional<String> before) {}
