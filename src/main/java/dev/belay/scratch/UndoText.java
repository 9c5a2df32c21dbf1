package dev.belay.scratch;

/**
 * An undo script that is to be run in a scratch database.
 *
 * @param name what it is called, for failures
 * @param text with its placeholders
 * @param transactional whether its settings let it run in a transaction
 */
public record UndoText(String name, String text, boolean transactional) {}
