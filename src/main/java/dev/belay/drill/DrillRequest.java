package dev.belay.drill;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What is to be drilled.
 *
 * @param backup an id, a path, or {@code latest}
 * @param fromLive whether the live database may be copied in production too
 * @param jobs parallel sessions
 * @param amcheck whether heaps and indexes of the restored database are checked, where the server
 *     can
 * @param metricsFile where figures for Prometheus are written
 */
public record DrillRequest(
    String backup, boolean fromLive, int jobs, boolean amcheck, Optional<Path> metricsFile) {}
