package dev.belay.monitor;

import java.util.List;
import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.CentralProcessor.TickType;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HWDiskStore;
import oshi.hardware.HardwareAbstractionLayer;

/** The counters of any system that OSHI knows. Loading it takes half a second. */
final class OshiCounters implements MachineCounters.Source {
  private final CentralProcessor processor;
  private final GlobalMemory memory;
  private final List<HWDiskStore> disks;

  /** May throw whatever a native library that cannot be loaded makes the JVM throw. */
  OshiCounters() {
    HardwareAbstractionLayer hardware = new SystemInfo().getHardware();
    processor = hardware.getProcessor();
    memory = hardware.getMemory();
    disks = hardware.getDiskStores();
  }

  @Override
  public MachineCounters read() {
    long[] ticks = processor.getSystemCpuLoadTicks();
    long total = 0;
    for (long each : ticks) {
      total += each;
    }
    long idle = ticks[TickType.IDLE.getIndex()] + ticks[TickType.IOWAIT.getIndex()];
    double load = processor.getSystemLoadAverage(1)[0];
    long read = 0;
    long written = 0;
    for (HWDiskStore disk : disks) {
      disk.updateAttributes();
      read += disk.getReadBytes();
      written += disk.getWriteBytes();
    }
    return new MachineCounters(
        total - idle,
        total,
        memory.getTotal(),
        memory.getAvailable(),
        disks.isEmpty() ? null : read,
        disks.isEmpty() ? null : written,
        load < 0 ? null : load);
  }
}
