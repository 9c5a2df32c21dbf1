package dev.belay.reconcile;

/**
 * A column that only the source has, so that its values cannot be brought back.
 *
 * @param values how many rows of the source have one that is not null
 */
public record LostColumn(String column, String type, long values) {}
