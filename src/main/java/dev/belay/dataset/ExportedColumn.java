package dev.belay.dataset;

import java.util.Optional;

/**
 * A column as it was when it was exported.
 *
 * @param type as {@code format_type} writes it, with its schema unless it is PostgreSQL's own
 * @param nullable whether it has no not-null constraint
 * @param identity {@code always} or {@code by default} for an identity column
 * @param form how its values are written
 */
public record ExportedColumn(
    String name, String type, boolean nullable, Optional<String> identity, ValueForm form) {}
