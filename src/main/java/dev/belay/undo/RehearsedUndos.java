package dev.belay.undo;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.flyway.MigrationVersion;
import dev.belay.process.ShellWords;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * The file in which rehearsals write down which ways back they proved, one line each, so that other
 * commands can say when one was proven.
 */
public final class RehearsedUndos {
  /** Its name in the folder {@code migration_monitoring}. */
  public static final String FILE = "rehearsals.jsonl";

  private static final int MOST = 2_000;
  private static final int LONGEST = 16 << 20;

  private final Path folder;

  /**
   * @param folder {@code Folders.migrationMonitoring()}; it need not be there
   */
  public RehearsedUndos(Path folder) {
    this.folder = folder;
  }

  /**
   * The last rehearsal of one migration's way back; only with the undo script as it is now it says
   * something of the future.
   *
   * @param undoSha256 of the script that would be run
   */
  public Optional<RehearsedUndo> last(
      Target live, String app, MigrationVersion version, String undoSha256) {
    return all().stream()
        .filter(each -> each.database().equals(live.toString()) && each.app().equals(app))
        .filter(each -> each.version().filter(version.toString()::equals).isPresent())
        .filter(each -> each.undoSha256().filter(undoSha256::equals).isPresent())
        .max(Comparator.comparing(RehearsedUndo::at));
  }

  /** All that can be read, the oldest first; a line that cannot is passed over. */
  public List<RehearsedUndo> all() {
    List<RehearsedUndo> all = new ArrayList<>();
    try {
      if (!Files.exists(file())) {
        return all;
      }
      String text = new String(DurableFiles.read(file(), LONGEST), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        try {
          all.add(Json.MAPPER.readValue(line, RehearsedUndo.class));
        } catch (JacksonException damaged) {
          // Of a later belay, or cut off: what it said is not known, and nothing relies on it.
        }
      }
    } catch (IOException unreadable) {
      return all;
    }
    return all;
  }

  /**
   * Adds some; of the oldest, those beyond two thousand go.
   *
   * @throws Failure UNAVAILABLE when the file cannot be written
   */
  public void add(List<RehearsedUndo> some) {
    try {
      DurableFiles.createFolders(folder);
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("." + FILE + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        List<RehearsedUndo> all = new ArrayList<>(all());
        all.addAll(some);
        StringBuilder text = new StringBuilder();
        all.stream()
            .skip(Math.max(0, all.size() - MOST))
            .forEach(each -> text.append(Json.MAPPER.writeValueAsString(each)).append('\n'));
        if (lock.isValid()) {
          DurableFiles.replace(file(), text.toString());
        }
      }
    } catch (IOException cannot) {
      throw Failure.unavailable(
              "cannot write %s: %s".formatted(file(), DurableFiles.reason(cannot)),
              "see who owns the folder with: ls -ld " + ShellWords.quote(folder.toString()))
          .causedBy(cannot);
    }
  }

  private Path file() {
    return folder.resolve(FILE);
  }
}
