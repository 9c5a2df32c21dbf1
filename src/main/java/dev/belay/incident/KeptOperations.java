package dev.belay.incident;

import dev.belay.archive.DurableFiles;
import dev.belay.report.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * The folder in which the newest operations are kept, beside the journals, for their owner only.
 */
final class KeptOperations {
  /** Older ones are removed; their journals and the audit trail stay. */
  static final int MOST = 300;

  /** An answer that is longer is not kept. */
  static final int LONGEST_BYTES = 1 << 19;

  private static final String SUFFIX = ".json";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path folder;

  /**
   * @param journal the folder of the journals
   */
  KeptOperations(Path journal) {
    this.folder = journal.resolve("operations");
  }

  Path folder() {
    return folder;
  }

  /** Where that operation is kept. */
  Path file(String run, Instant startedAt) {
    return folder.resolve(STAMP.format(startedAt) + "_" + run + SUFFIX);
  }

  /** Puts it in the place of what was kept of it before. */
  void keep(KeptOperation operation) throws IOException {
    DurableFiles.createFolders(folder);
    Path file = file(operation.run(), operation.startedAt());
    Path draft = file.resolveSibling("." + file.getFileName() + ".partial");
    try {
      Files.deleteIfExists(draft);
      DurableFiles.writeNew(
          draft, (Json.pretty(operation) + "\n").getBytes(StandardCharsets.UTF_8));
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | JacksonException broken) {
      Files.deleteIfExists(draft);
      throw broken;
    }
  }

  /** Removes the oldest ones beyond {@link #MOST}. */
  void thin() throws IOException {
    List<Path> all = files();
    for (Path old : all.subList(0, Math.max(0, all.size() - MOST))) {
      Files.deleteIfExists(old);
    }
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> drafts = Files.list(folder)) {
      // What a killed run left of one that it was writing.
      Instant longAgo = Instant.now().minus(Duration.ofDays(1));
      for (Path draft :
          drafts
              .filter(file -> file.toString().endsWith(SUFFIX + ".partial"))
              .filter(file -> Runs.modified(file).isBefore(longAgo))
              .toList()) {
        Files.deleteIfExists(draft);
      }
    } catch (UncheckedIOException cannot) {
      throw cannot.getCause();
    }
  }

  /** All of them, oldest first; none when there is no folder. */
  List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX))
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    }
  }

  /**
   * Reads one; empty when it is none.
   *
   * @throws IOException when it cannot be read
   */
  static Optional<KeptOperation> read(Path file) throws IOException {
    byte[] bytes = DurableFiles.read(file, 4 * LONGEST_BYTES);
    try {
      KeptOperation read = Json.MAPPER.readValue(bytes, KeptOperation.class);
      KeptOperation.Ended ended = read.ended();
      boolean whole =
          read.run() != null
              && read.command() != null
              && JournalFile.isPossible(read.startedAt())
              && read.told().stream().allMatch(told -> JournalFile.isPossible(told.at()))
              && (ended == null || JournalFile.isPossible(ended.at()));
      return whole ? Optional.of(read) : Optional.empty();
    } catch (JacksonException | NullPointerException other) {
      return Optional.empty();
    }
  }
}
