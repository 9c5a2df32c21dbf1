package dev.belay.reconcile;

import dev.belay.report.ToPaste;

/**
 * Something that can be done next.
 *
 * @param what in words
 * @param command to be typed
 */
public record Onward(String what, @ToPaste String command) {}
