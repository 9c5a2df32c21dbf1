package dev.belay.monitor;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen while something ran. Usages are in percent; null is what could not be seen.
 *
 * @param durationSeconds wall time
 * @param totalErrors errors that were logged or told meanwhile
 * @param totalWarnings warnings that were logged or told meanwhile
 * @param samples moments of which something is known
 * @param gaps moments of which nothing is known of the database
 * @param peakWaiting sessions that waited for a lock at the same moment
 * @param walBytes written by the server meanwhile, for all of its databases
 * @param deadlocks in the database meanwhile
 * @param maxDiskUsage of the fullest file system that was looked at
 * @param machine of which machine the figures of the machine are
 * @param file where the samples are; null when they could not be kept
 * @param notes what could not be seen, and why
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MonitorSummary(
    double durationSeconds,
    @Nullable Double avgCpuUsage,
    @Nullable Double maxCpuUsage,
    @Nullable Double avgMemoryUsage,
    @Nullable Double maxMemoryUsage,
    @Nullable Integer peakDbConnections,
    long totalErrors,
    long totalWarnings,
    long samples,
    long gaps,
    @Nullable Integer peakActive,
    @Nullable Integer peakWaiting,
    @Nullable Long longestTransactionMillis,
    @Nullable Long peakReplicationLagBytes,
    @Nullable Long peakReplicationLagMillis,
    @Nullable Long walBytes,
    @Nullable Long deadlocks,
    @Nullable Double maxDiskUsage,
    String machine,
    @Nullable String file,
    List<String> notes) {
  public MonitorSummary {
    notes = List.copyOf(notes);
  }
}
