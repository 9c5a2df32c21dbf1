package dev.belay.diff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row with the values that may differ a little.
 *
 * @param rest the hash of all others
 * @param numbers floating point values
 * @param moments seconds since 1970 as decimal numbers, or the names of the infinities
 */
record LooseRow(long rest, List<@Nullable Double> numbers, List<@Nullable String> moments) {}
