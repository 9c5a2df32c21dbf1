package dev.belay.monitor;

import dev.belay.journal.ThisProcess;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** This machine, as it is from one look to the next. Never throws. For one thread at a time. */
public final class Machine {
  private final Set<Path> folders = new LinkedHashSet<>();
  private final List<String> notes = new CopyOnWriteArrayList<>();
  private MachineCounters.@Nullable Source source;
  private MachineCounters before = MachineCounters.NONE;
  private long beforeNanos;
  private boolean looked;

  private Machine() {}

  /** This one; the file system of that folder is looked at. */
  public static Machine withDiskOf(Path folder) {
    Machine machine = new Machine();
    machine.alsoDiskOf(folder);
    return machine;
  }

  /** With the counters of a test. */
  static Machine counting(MachineCounters.Source source) {
    Machine machine = new Machine();
    machine.source = source;
    return machine;
  }

  /** The file system of that folder is looked at too, if it is there. */
  public void alsoDiskOf(Path folder) {
    folders.add(folder.toAbsolutePath());
  }

  /** What of it cannot be seen, and why. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** Its name in the network, as it calls itself. */
  public static String name() {
    return ThisProcess.host();
  }

  /** What it does since the last look; of the first look only what needs no two. */
  public MachineFigures look() {
    return look(System.nanoTime());
  }

  MachineFigures look(long nanos) {
    MachineCounters now = read();
    double seconds = (nanos - beforeNanos) / 1e9;
    MachineFigures figures =
        new MachineFigures(
            looked
                ? share(more(now.busy(), before.busy()), more(now.total(), before.total()))
                : null,
            memory(now),
            fullest(),
            looked ? rate(more(now.readBytes(), before.readBytes()), seconds) : null,
            looked ? rate(more(now.writtenBytes(), before.writtenBytes()), seconds) : null,
            now.load());
    before = now;
    beforeNanos = nanos;
    looked = true;
    return figures;
  }

  private MachineCounters read() {
    MachineCounters.Source counters = source;
    if (counters == null) {
      counters = open();
      source = counters;
    }
    try {
      return counters.read();
    } catch (RuntimeException | LinkageError broken) {
      unseen(broken);
      return MachineCounters.NONE;
    }
  }

  private MachineCounters.Source open() {
    ProcFiles files = new ProcFiles(Path.of("/proc"));
    if (files.isThere()) {
      return files;
    }
    try {
      return new OshiCounters();
    } catch (RuntimeException | LinkageError broken) {
      unseen(broken);
      return () -> MachineCounters.NONE;
    }
  }

  private void unseen(Throwable broken) {
    String note = "the figures of the machine cannot be read: " + broken;
    if (!notes.contains(note)) {
      notes.add(note);
    }
  }

  private static @Nullable Double memory(MachineCounters now) {
    Long total = now.memoryTotal();
    Long available = now.memoryAvailable();
    return total == null || available == null ? null : share(total - available, total);
  }

  /** As df shows it: what only root may fill does not count as free. */
  private @Nullable Double fullest() {
    Double fullest = null;
    for (Path folder : folders) {
      Double share = used(folder);
      if (share != null && (fullest == null || share > fullest)) {
        fullest = share;
      }
    }
    return fullest;
  }

  private static @Nullable Double used(Path folder) {
    try {
      Path there = folder;
      while (there != null && !Files.exists(there)) {
        there = there.getParent();
      }
      if (there == null) {
        return null;
      }
      FileStore store = Files.getFileStore(there);
      long used = store.getTotalSpace() - store.getUnallocatedSpace();
      return share(used, used + store.getUsableSpace());
    } catch (IOException | SecurityException hidden) {
      return null;
    }
  }

  private static @Nullable Long more(@Nullable Long now, @Nullable Long then) {
    return now == null || then == null || now < then ? null : Long.valueOf(now - then);
  }

  private static @Nullable Double share(@Nullable Long part, @Nullable Long whole) {
    return part == null || whole == null || whole <= 0
        ? null
        : Double.valueOf(Math.min(100, Math.max(0, 100.0 * part / whole)));
  }

  private static @Nullable Double rate(@Nullable Long amount, double seconds) {
    return amount == null || seconds <= 0 ? null : Double.valueOf(amount / seconds);
  }
}
