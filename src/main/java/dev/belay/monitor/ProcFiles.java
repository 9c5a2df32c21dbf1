package dev.belay.monitor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The counters of Linux, from its own files: four small ones, and no library that would have to be
 * loaded and would cost half a second at its start.
 */
final class ProcFiles implements MachineCounters.Source {
  private static final int SECTOR_BYTES = 512;
  private static final int CPU_FIELDS = 9;
  private static final int DISK_FIELDS = 10;

  /** Devices that lie on others, whose bytes would count twice, and those in memory. */
  private static final Pattern NO_DISK = Pattern.compile("(loop|ram|zram|dm-|md|sr|fd)\\d+");

  private final Path root;

  /**
   * @param root {@code /proc}
   */
  ProcFiles(Path root) {
    this.root = root;
  }

  /** Whether the processors' times are there. */
  boolean isThere() {
    return Files.isReadable(root.resolve("stat")) && processors(text("stat")) != null;
  }

  @Override
  public MachineCounters read() {
    long[] processors = processors(text("stat"));
    Map<String, Long> memory = memory(text("meminfo"));
    long[] disks = disks(text("diskstats"));
    return new MachineCounters(
        processors == null ? null : processors[0],
        processors == null ? null : processors[1],
        memory.get("MemTotal"),
        memory.get("MemAvailable"),
        disks == null ? null : disks[0],
        disks == null ? null : disks[1],
        load(text("loadavg")));
  }

  /** Empty where it cannot be read: a container may hide any of them. */
  private String text(String name) {
    try {
      return new String(Files.readAllBytes(root.resolve(name)), StandardCharsets.US_ASCII);
    } catch (IOException hidden) {
      return "";
    }
  }

  /** Busy and whole time of all processors; that of guests is part of the user's. */
  static long @Nullable [] processors(String stat) {
    String[] words = stat.lines().findFirst().orElse("").trim().split("\\s+", -1);
    if (words.length < CPU_FIELDS || !words[0].equals("cpu")) {
      return null;
    }
    long total = 0;
    for (int field = 1; field < CPU_FIELDS; field++) {
      total += number(words[field]);
    }
    long idle = number(words[4]) + number(words[5]);
    return new long[] {total - idle, total};
  }

  private static Map<String, Long> memory(String meminfo) {
    Map<String, Long> bytes = new HashMap<>();
    meminfo
        .lines()
        .limit(5)
        .map(line -> line.split("[:\\s]+"))
        .filter(words -> words.length >= 2)
        .forEach(words -> bytes.put(words[0], number(words[1]) * 1024));
    return bytes;
  }

  /** Bytes read and written; a line with a partition of a disk is passed over. */
  static long @Nullable [] disks(String diskstats) {
    if (diskstats.isEmpty()) {
      return null;
    }
    long[] bytes = new long[2];
    String disk = "";
    for (String line : diskstats.lines().toList()) {
      String[] words = line.trim().split("\\s+", -1);
      if (words.length < DISK_FIELDS
          || NO_DISK.matcher(words[2]).matches()
          || isPartition(words[2], disk)) {
        continue;
      }
      disk = words[2];
      bytes[0] += number(words[5]) * SECTOR_BYTES;
      bytes[1] += number(words[9]) * SECTOR_BYTES;
    }
    return bytes;
  }

  /** They follow their disk: sda1 after sda, nvme0n1p1 after nvme0n1. */
  private static boolean isPartition(String name, String disk) {
    return !disk.isEmpty()
        && name.startsWith(disk)
        && name.substring(disk.length()).matches("p?\\d+");
  }

  private static @Nullable Double load(String loadavg) {
    try {
      return loadavg.isEmpty() ? null : Double.valueOf(loadavg.split("\\s+", -1)[0]);
    } catch (NumberFormatException strange) {
      return null;
    }
  }

  private static long number(String word) {
    try {
      return Long.parseLong(word);
    } catch (NumberFormatException strange) {
      return 0;
    }
  }
}
