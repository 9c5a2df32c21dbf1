package dev.belay.config;

import java.nio.file.Path;

/**
 * Where Belay keeps what it makes; each is created with mode 0700 when first needed.
 *
 * @param journal journals of changing operations, one file per run
 */
public record Folders(
    Path backups,
    Path dataExports,
    Path rollbackScripts,
    Path conflictReports,
    Path reconciliationReports,
    Path migrationMonitoring,
    Path journal) {}
