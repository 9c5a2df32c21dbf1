package dev.belay.journal;

import dev.belay.core.Failure;
import dev.belay.core.RunId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A run whose process is gone and whose journal does not say that it came to its end.
 *
 * @param entries what it wrote, oldest first; a last line that was cut by the crash is left out
 */
public record UnfinishedRun(Path file, JournalHeader header, List<JournalEntry> entries) {
  public UnfinishedRun {
    entries = List.copyOf(entries);
  }

  /**
   * The unfinished runs of this machine, oldest first. Journals of other machines are left alone:
   * only the server can tell about those.
   *
   * @param notice is told of journals that cannot be read, such as those of a newer Belay
   */
  public static List<UnfinishedRun> in(Path folder, Consumer<String> notice) {
    return in(folder, notice, run -> !run.header.mayBeRunning());
  }

  /**
   * Those of other machines, oldest first, of which only the server can tell whether they are at
   * work. A container has another name of a machine with every start.
   *
   * @param notice is told of journals that cannot be read
   */
  public static List<UnfinishedRun> ofOthers(Path folder, Consumer<String> notice) {
    return in(folder, notice, run -> !run.header.isOfThisMachine());
  }

  private static List<UnfinishedRun> in(
      Path folder, Consumer<String> notice, Predicate<UnfinishedRun> wanted) {
    return JournalFile.in(folder, notice).stream()
        .flatMap(journal -> unfinished(journal).stream())
        .filter(wanted)
        .toList();
  }

  private static Optional<UnfinishedRun> unfinished(JournalFile journal) {
    return journal.last().isPresent()
        ? Optional.empty()
        : Optional.of(new UnfinishedRun(journal.file(), journal.header(), journal.entries()));
  }

  /** Whether a process of this machine is at work under that run's name, as its journal says. */
  static boolean isRunningHere(Path folder, RunId run) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(run + Journal.SUFFIX))
          .flatMap(file -> JournalFile.read(file, ignored -> {}).stream())
          .flatMap(journal -> unfinished(journal).stream())
          .anyMatch(found -> found.header.isOfThisMachine() && found.header.mayBeRunning());
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** The name of the run. */
  public RunId run() {
    return new RunId(header.run());
  }

  /** What it was doing when it died. */
  public String lastStep() {
    return entries.isEmpty() ? "begun" : entries.get(entries.size() - 1).step();
  }

  /** What is to be done now that it died there, in words; empty: it left nothing half done. */
  public Optional<String> hint() {
    return entries.stream()
        .flatMap(entry -> Optional.ofNullable(entry.facts().get(Journal.HINT)).stream())
        .reduce((older, newer) -> newer);
  }

  /** The facts of the newest entry with that step. */
  public Optional<Map<String, String>> facts(String step) {
    return entries.stream()
        .filter(entry -> entry.step().equals(step))
        .reduce((older, newer) -> newer)
        .map(JournalEntry::facts);
  }

  /**
   * Writes into its journal a step that it did and could not write any more.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public void step(String step, Map<String, String> facts) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      if (endsWithoutNewline()) {
        channel.write(java.nio.ByteBuffer.wrap(new byte[] {'\n'}));
      }
      Journal.write(channel, new JournalEntry(Instant.now(), step, facts));
    } catch (IOException cannot) {
      throw Journal.unwritable(file, cannot);
    }
  }

  /**
   * Writes into its journal that everything it left has been put right.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public void settle(RunId by) {
    step(JournalEntry.SETTLED, Map.of("by", by.text()));
  }

  private boolean endsWithoutNewline() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return bytes.length > 0 && bytes[bytes.length - 1] != '\n';
  }
}
