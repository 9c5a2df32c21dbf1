package dev.belay.drill;

import dev.belay.archive.DurableFiles;
import dev.belay.core.Failure;
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
import java.util.List;
import tools.jackson.core.JacksonException;

/** The file {@code drills.jsonl}: one line for each drill, of which the last thousand stay. */
public final class DrillHistory {
  private static final String FILE = "drills.jsonl";
  private static final int MOST = 1_000;
  private static final int LONGEST = 16 << 20;

  private final Path folder;

  /**
   * @param folder {@code Folders.migrationMonitoring()}; it need not be there
   */
  public DrillHistory(Path folder) {
    this.folder = folder;
  }

  /** Where it is. */
  public Path file() {
    return folder.resolve(FILE);
  }

  /**
   * The drills of a database, the oldest first; a line that cannot be read is passed over.
   *
   * @throws Failure UNAVAILABLE when the file is there and cannot be read
   */
  public List<DrillRecord> of(String database) {
    return all().stream().filter(each -> each.database().equals(database)).toList();
  }

  private List<DrillRecord> all() {
    List<DrillRecord> all = new ArrayList<>();
    if (!Files.exists(file())) {
      return all;
    }
    try {
      String text = new String(DurableFiles.read(file(), LONGEST), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        try {
          all.add(Json.MAPPER.readValue(line, DrillRecord.class));
        } catch (JacksonException damaged) {
          // Of a later belay, or cut off: the others still say something.
        }
      }
      return all;
    } catch (IOException unreadable) {
      throw unavailable("read", unreadable);
    }
  }

  /**
   * Adds one.
   *
   * @throws Failure UNAVAILABLE when it cannot be written
   */
  public void add(DrillRecord drill) {
    try {
      DurableFiles.createFolders(folder);
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("." + FILE + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        List<DrillRecord> all = new ArrayList<>(all());
        all.add(drill);
        StringBuilder text = new StringBuilder();
        all.stream()
            .skip(Math.max(0, all.size() - MOST))
            .forEach(each -> text.append(Json.MAPPER.writeValueAsString(each)).append('\n'));
        if (lock.isValid()) {
          DurableFiles.replace(file(), text.toString());
        }
      }
    } catch (IOException cannot) {
      throw unavailable("write", cannot);
    }
  }

  private Failure unavailable(String what, IOException cannot) {
    return Failure.unavailable(
            "cannot %s %s: %s".formatted(what, file(), DurableFiles.reason(cannot)),
            "see who owns the folder with: ls -ld " + ShellWords.quote(folder.toString()))
        .causedBy(cannot);
  }
}
