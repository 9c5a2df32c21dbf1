package dev.belay.ledger;

import dev.belay.flyway.MigrationVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An undo script that is to be stored.
 *
 * @param app the app's name
 * @param version of the migration that it takes back
 * @param migrationChecksum as Flyway has recorded it; null where it records none
 * @param migration the migration's own text; empty where it is not at hand
 * @param script its file name
 * @param content its text, with its placeholders
 * @param transactional whether its own settings let it run in a transaction
 */
public record NewUndo(
    String app,
    MigrationVersion version,
    String description,
    @Nullable Integer migrationChecksum,
    Optional<String> migration,
    String script,
    String content,
    boolean transactional,
    StoredUndo.Origin origin) {}
