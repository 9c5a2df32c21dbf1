package dev.belay.cli;

/**
 * A command that changes something though it has neither a plan to be agreed to nor a dry run: it
 * is recorded from its beginning.
 */
public interface Recorded {}
