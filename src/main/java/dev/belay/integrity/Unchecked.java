package dev.belay.integrity;

import dev.belay.report.ToPaste;

/**
 * Something of which it is not known whether it keeps a promise.
 *
 * @param what the table, view or rule; empty: all of the check
 * @param reason why, in words
 * @param hint what to do so that it can be checked
 */
public record Unchecked(String what, String reason, @ToPaste String hint) {}
