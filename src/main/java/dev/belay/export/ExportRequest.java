package dev.belay.export;

import dev.belay.dataset.ExportCompression;
import dev.belay.dataset.ExportForm;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the operator asked for.
 *
 * @param app empty: all apps, and what belongs to none
 * @param patterns of tables; empty: all of them
 * @param conditions each as {@code table: condition}
 * @param jobs parallel sessions
 * @param file empty: a new one in the folder of the exports
 * @param dryRun only look for what would stop it
 */
record ExportRequest(
    Optional<String> app,
    List<String> patterns,
    List<String> conditions,
    ExportForm form,
    ExportCompression compression,
    int jobs,
    Optional<Path> file,
    boolean dryRun) {
  ExportRequest {
    patterns = List.copyOf(patterns);
    conditions = List.copyOf(conditions);
  }
}
