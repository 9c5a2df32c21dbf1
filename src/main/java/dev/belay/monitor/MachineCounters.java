package dev.belay.monitor;

import org.jspecify.annotations.Nullable;

/**
 * What a system counts, as it is at one moment; null is what it does not tell.
 *
 * @param busy time for which processors worked, in any unit
 * @param total time for which processors worked or not, in the same unit
 * @param memoryTotal in bytes
 * @param memoryAvailable in bytes
 * @param readBytes from all disks since the machine started
 * @param writtenBytes to all disks since the machine started
 */
record MachineCounters(
    @Nullable Long busy,
    @Nullable Long total,
    @Nullable Long memoryTotal,
    @Nullable Long memoryAvailable,
    @Nullable Long readBytes,
    @Nullable Long writtenBytes,
    @Nullable Double load) {
  static final MachineCounters NONE = new MachineCounters(null, null, null, null, null, null, null);

  /** Where counters come from. */
  @FunctionalInterface
  interface Source {
    /** Never throws. */
    MachineCounters read();
  }
}
