package dev.belay.monitor;

import org.jspecify.annotations.Nullable;

/**
 * What a machine is doing, measured since the figures before; null is what is not known.
 *
 * @param cpu share of all processors that worked, in percent
 * @param memory share that is not available to programs, in percent
 * @param disk share of the fullest of the file systems that were looked at, in percent
 * @param diskReadBytesPerSecond of all disks
 * @param diskWriteBytesPerSecond of all disks
 * @param load how many wanted to run, on average over the last minute
 */
public record MachineFigures(
    @Nullable Double cpu,
    @Nullable Double memory,
    @Nullable Double disk,
    @Nullable Double diskReadBytesPerSecond,
    @Nullable Double diskWriteBytesPerSecond,
    @Nullable Double load) {
  static final MachineFigures NONE = new MachineFigures(null, null, null, null, null, null);
}
