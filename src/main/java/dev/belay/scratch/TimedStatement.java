package dev.belay.scratch;

/**
 * How long a statement took.
 *
 * @param text its beginning in one line, without what sounds secret
 * @param failed whether it ended with an error
 */
public record TimedStatement(String text, long millis, boolean failed) {}
