package dev.belay.undo;

import dev.belay.archive.DurableLines;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.flyway.MigrationVersion;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The file in which rehearsals write down which ways back they proved, one line each, so that other
 * commands can say when one was proven.
 */
public final class RehearsedUndos {
  /** Its name in the folder {@code migration_monitoring}. */
  public static final String FILE = "rehearsals.jsonl";

  private final DurableLines<RehearsedUndo> lines;

  /**
   * @param folder {@code Folders.migrationMonitoring()}; it need not be there
   */
  public RehearsedUndos(Path folder) {
    this.lines =
        new DurableLines<>(folder, FILE, RehearsedUndo.class, RehearsedUndo::database, 2_000);
  }

  /**
   * The last rehearsal of one way back with the very script that would be run; another script's
   * says nothing of the future.
   */
  public Optional<RehearsedUndo> last(Target live, String app, UndoStep step) {
    Optional<MigrationVersion> version = Optional.ofNullable(step.migration().version());
    Optional<UndoScript> script = step.script();
    return version.isEmpty() || script.isEmpty()
        ? Optional.empty()
        : last(live, app, version.get(), script.get().sha256());
  }

  /**
   * The same.
   *
   * @param undoSha256 of the script
   */
  public Optional<RehearsedUndo> last(
      Target live, String app, MigrationVersion version, String undoSha256) {
    return all().stream()
        .filter(each -> each.database().equals(live.toString()) && each.app().equals(app))
        .filter(each -> each.version().filter(version.toString()::equals).isPresent())
        .filter(each -> each.undoSha256().filter(undoSha256::equals).isPresent())
        .max(Comparator.comparing(RehearsedUndo::at));
  }

  /** All that can be read, the oldest first; nothing where the file cannot. */
  public List<RehearsedUndo> all() {
    try {
      return lines.all();
    } catch (Failure unreadable) {
      return List.of();
    }
  }

  /**
   * Adds some; of the oldest of a database, those beyond two thousand go.
   *
   * @throws Failure UNAVAILABLE when the file cannot be written
   */
  public void add(List<RehearsedUndo> some) {
    lines.add(some);
  }
}
