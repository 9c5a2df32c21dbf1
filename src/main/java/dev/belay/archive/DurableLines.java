package dev.belay.archive;

import dev.belay.core.Failure;
import dev.belay.process.ShellWords;
import dev.belay.report.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;

/**
 * A file with a line of JSON for each thing that happened, of which the oldest go. What is there
 * stays word for word: of a later belay's lines this one may know only a part, or nothing.
 *
 * @param <T> a line
 */
public final class DurableLines<T> {
  private static final int LONGEST = 16 << 20;

  /** The lock on a file holds between processes, and not between threads of one. */
  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private final Path folder;
  private final String name;
  private final Class<T> form;
  private final Function<T, String> about;
  private final int most;

  /**
   * @param folder it need not be there
   * @param name of the file
   * @param about what a line is about, so that many lines about one thing drive out none about
   *     another
   * @param most so many lines about one thing stay
   */
  public DurableLines(
      Path folder, String name, Class<T> form, Function<T, String> about, int most) {
    this.folder = folder;
    this.name = name;
    this.form = form;
    this.about = about;
    this.most = most;
  }

  /** Where it is. */
  public Path file() {
    return folder.resolve(name);
  }

  /**
   * All that can be read, the oldest first; a line that cannot is passed over.
   *
   * @throws Failure UNAVAILABLE when the file is there and cannot be read
   */
  public List<T> all() {
    try {
      return lines().stream().flatMap(line -> line.read().stream()).toList();
    } catch (IOException unreadable) {
      throw unavailable("read", unreadable);
    }
  }

  /**
   * Adds some.
   *
   * @throws Failure UNAVAILABLE when the file cannot be written
   */
  public void add(List<T> some) {
    IN_THIS_PROCESS.lock();
    try {
      DurableFiles.createFolders(folder);
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("." + name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        List<Line<T>> all = new ArrayList<>(lines());
        some.forEach(each -> all.add(line(Json.MAPPER.writeValueAsString(each))));
        String text = thinned(all);
        if (lock.isValid()) {
          DurableFiles.replace(file(), text);
        }
      }
    } catch (IOException cannot) {
      throw unavailable("write", cannot);
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }

  /**
   * A line as it is in the file.
   *
   * @param read empty: it is damaged, or of a later belay
   */
  private record Line<T>(String text, Optional<T> read) {}

  private List<Line<T>> lines() throws IOException {
    if (!Files.exists(file(), LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    return new String(DurableFiles.read(file(), LONGEST), StandardCharsets.UTF_8)
        .lines()
        .filter(text -> !text.isBlank())
        .map(this::line)
        .toList();
  }

  private Line<T> line(String text) {
    try {
      T read = Json.MAPPER.readValue(text, form);
      Complete.check(read, name);
      return new Line<>(text, Optional.of(read));
    } catch (JacksonException | IOException damaged) {
      return new Line<>(text, Optional.empty());
    }
  }

  /** As many lines as may stay; fewer where the file would become too long to be read again. */
  private String thinned(List<Line<T>> all) {
    int stay = most;
    String text = newest(all, stay);
    while (stay > 1 && text.length() > LONGEST / 4) {
      stay /= 2;
      text = newest(all, stay);
    }
    return text;
  }

  private String newest(List<Line<T>> all, int stay) {
    Map<Optional<String>, Integer> seen = new HashMap<>();
    List<String> kept = new ArrayList<>();
    for (int at = all.size() - 1; at >= 0; at--) {
      Line<T> line = all.get(at);
      if (seen.merge(line.read().map(about), 1, Integer::sum) <= stay) {
        kept.add(line.text());
      }
    }
    Collections.reverse(kept);
    return kept.stream().map(text -> text + "\n").collect(Collectors.joining());
  }

  private Failure unavailable(String what, IOException cannot) {
    return Failure.unavailable(
            "cannot %s %s: %s".formatted(what, file(), DurableFiles.reason(cannot)),
            "see who owns the folder with: ls -ld " + ShellWords.quote(folder.toString()))
        .causedBy(cannot);
  }
}
