package dev.belay.migrations;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What check-migrations is asked.
 *
 * @param app the app; empty: all
 * @param jars jars with Java migrations
 * @param failOn from which level on the answer is exit 10
 * @param undo whether undo scripts are tried
 * @param countTimeout how long one count of live rows may take
 * @param annotated whether the text ends with lines for GitHub
 * @param directory from which files are named
 */
public record CheckMigrationsRequest(
    Optional<String> app,
    List<Path> jars,
    RiskLevel failOn,
    boolean undo,
    Duration countTimeout,
    boolean annotated,
    Path directory) {
  public CheckMigrationsRequest {
    jars = List.copyOf(jars);
  }
}
