package dev.belay.flyway;

import org.jspecify.annotations.Nullable;

/**
 * The name of a script, taken apart.
 *
 * @param version null for a repeatable migration
 * @param description with spaces for underscores
 * @param type Flyway's word for it: {@code SQL}, {@code SCRIPT} or {@code SQL_BASELINE}; {@code
 *     UNDO_SQL} for an undo script
 * @param canonical what the placeholder {@code flyway:filename} stands for
 */
record ScriptName(
    ScriptKind kind,
    @Nullable MigrationVersion version,
    String description,
    String type,
    String canonical) {}
