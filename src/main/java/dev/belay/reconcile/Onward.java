package dev.belay.reconcile;

/**
 * Something that can be done next.
 *
 * @param what in words
 * @param command to be typed
 */
public record Onward(String what, String command) {}
