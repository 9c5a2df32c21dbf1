package dev.belay.diff;

import java.time.Duration;

/**
 * What counts as equal though it is written otherwise. Only for rows of the same key.
 *
 * @param relative for {@code real} and {@code double precision}: of the greater of both values
 * @param moment for {@code timestamp} and {@code timestamp with time zone}
 */
public record Tolerance(double relative, Duration moment) {}
