package dev.belay.emergency;

import dev.belay.cli.SameDatabase;
import dev.belay.core.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the operator wants.
 *
 * @param app only its schema, its history, its tables and its undo; empty: all apps
 * @param patterns of the tables to export; empty: as configured
 * @param backup whether an emergency backup is made
 * @param export whether tables are exported
 * @param fix whether anything is fixed
 * @param jobs parallel sessions of backup and export
 * @param jars jars with Java migrations, for the replay
 * @param dryRun only look
 * @param database for which what is printed is to be pasted
 */
record EmergencyRequest(
    Optional<String> app,
    List<String> patterns,
    boolean backup,
    boolean export,
    boolean fix,
    int jobs,
    List<Path> jars,
    boolean dryRun,
    SameDatabase database) {
  EmergencyRequest {
    patterns = List.copyOf(patterns);
    jars = List.copyOf(jars);
    if (!export && !patterns.isEmpty()) {
      throw Failure.usage("--export and --no-export are given together", "leave one of them out");
    }
  }
}
