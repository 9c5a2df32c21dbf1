package dev.belay.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a machine counts, and what is made of it. */
class ProcFilesTest {
  @TempDir Path root = Path.of("");

  private void write(String name, String text) throws IOException {
    Files.writeString(root.resolve(name), text);
  }

  @Test
  void readsTheFilesOfLinux() throws IOException {
    write("stat", "cpu  100 10 50 800 40 0 5 0 7 0\ncpu0 1 2 3 4\n");
    write(
        "meminfo", "MemTotal:   1000 kB\nMemFree:  1 kB\nMemAvailable:   250 kB\nBuffers: 9 kB\n");
    write("loadavg", "0.52 0.40 0.30 1/100 4711\n");
    write(
        "diskstats",
        """
           7       0 loop0 1 0 999 0 1 0 999 0 0 0 0
         259       0 nvme0n1 10 0 100 0 20 0 200 0 0 0 0
         259       1 nvme0n1p1 9 0 90 0 19 0 190 0 0 0 0
           8       0 sda 10 0 1 0 20 0 2 0 0 0 0
           8       1 sda1 10 0 1 0 20 0 2 0 0 0 0
         253       0 dm-0 10 0 100 0 20 0 200 0 0 0 0
        """);

    MachineCounters counters = new ProcFiles(root).read();

    assertThat(new ProcFiles(root).isThere()).isTrue();
    assertThat(counters)
        .isEqualTo(
            new MachineCounters(
                165L, 1005L, 1000L * 1024, 250L * 1024, 101L * 512, 202L * 512, 0.52));
  }

  @Test
  void whatIsHiddenOrStrangeIsNotKnown() throws IOException {
    assertThat(new ProcFiles(root).isThere()).isFalse();
    assertThat(new ProcFiles(root).read()).isEqualTo(MachineCounters.NONE);
    write("stat", "intr 4711\n");
    write("loadavg", "much\n");
    write("meminfo", "\n");

    assertThat(new ProcFiles(root).isThere()).isFalse();
    assertThat(new ProcFiles(root).read()).isEqualTo(MachineCounters.NONE);
  }

  /** Another implementation of the same, which looks at the same moment. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void agreesWithOshi() {
    MachineCounters ours = new ProcFiles(Path.of("/proc")).read();
    MachineCounters theirs = new OshiCounters().read();

    double memory = number(theirs.memoryTotal());
    double total = number(theirs.total());
    double busy = number(theirs.busy());
    assertThat(number(ours.memoryTotal())).isEqualTo(memory);
    assertThat(number(ours.memoryAvailable()))
        .isCloseTo(number(theirs.memoryAvailable()), within(0.1 * memory));
    // A hundredth of a second is a tick; OSHI tells milliseconds.
    assertThat(number(ours.total()) * 10).isCloseTo(total, within(total * 0.01 + 60_000));
    assertThat(number(ours.busy()) * 10).isCloseTo(busy, within(busy * 0.05 + 60_000));
    if (theirs.writtenBytes() != null) {
      double written = number(theirs.writtenBytes());
      assertThat(number(ours.writtenBytes())).isCloseTo(written, within(written * 0.05 + 1e9));
    }
  }

  private static double number(@Nullable Number known) {
    return Objects.requireNonNull(known).doubleValue();
  }

  @Test
  void figuresAreWhatHappenedBetweenTwoLooks() {
    Deque<MachineCounters> counters =
        new ArrayDeque<>(
            List.of(
                new MachineCounters(100L, 1000L, 1000L, 400L, 5000L, 7000L, 1.5),
                new MachineCounters(175L, 1100L, 1000L, 100L, 6000L, 7000L, 2.5),
                new MachineCounters(10L, 20L, null, 100L, 0L, 9000L, null)));
    Machine machine = Machine.counting(counters::remove);

    MachineFigures first = machine.look(0);
    MachineFigures second = machine.look(TimeUnit.SECONDS.toNanos(2));
    MachineFigures afterAReset = machine.look(TimeUnit.SECONDS.toNanos(4));

    assertThat(first).isEqualTo(new MachineFigures(null, 60.0, null, null, null, 1.5));
    assertThat(second).isEqualTo(new MachineFigures(75.0, 90.0, null, 500.0, 0.0, 2.5));
    assertThat(afterAReset).isEqualTo(new MachineFigures(null, null, null, null, 1000.0, null));
  }

  @Test
  void aLibraryThatCannotBeLoadedIsANoteAndNoFailure() {
    Machine machine =
        Machine.counting(
            () -> {
              throw new UnsatisfiedLinkError("no such library");
            });

    assertThat(machine.look(1)).isEqualTo(MachineFigures.NONE);
    assertThat(machine.look(2)).isEqualTo(MachineFigures.NONE);
    assertThat(machine.notes()).singleElement().asString().contains("no such library");
  }
}
