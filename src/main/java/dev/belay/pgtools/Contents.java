package dev.belay.pgtools;

import dev.belay.core.TableName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The entries of an archive, as {@code pg_restore --list} shows them. Names stand there unquoted
 * with blanks between them, so they are compared and never taken apart.
 */
public final class Contents {
  /** An entry: the line as it is, and what it says after its numbers. */
  record Entry(String line, String text) {
    boolean is(String kind) {
      return text.startsWith(kind + " ");
    }
  }

  private final List<Entry> entries;
  private final NavigableSet<String> data = new TreeSet<>();

  private Contents(List<Entry> entries) {
    this.entries = entries;
    for (Entry entry : entries) {
      if (entry.is("TABLE DATA")) {
        data.add(entry.text().substring("TABLE DATA ".length()));
      }
    }
  }

  /** Reads what {@code pg_restore --list} wrote, given with a character for each byte. */
  static Contents parse(List<String> lines) {
    List<Entry> entries = new ArrayList<>();
    for (String line : lines) {
      entry(line).ifPresent(entries::add);
    }
    return new Contents(List.copyOf(entries));
  }

  /**
   * {@code 215; 1259 16385 TABLE public child owner}; what begins with a semicolon is a comment.
   */
  private static Optional<Entry> entry(String line) {
    String[] parts = line.split(" ", 4);
    return parts.length == 4 && parts[0].matches("\\d+;")
        ? Optional.of(new Entry(line, parts[3]))
        : Optional.empty();
  }

  /** How many entries there are. */
  public int size() {
    return entries.size();
  }

  /** How many tables have data in it. */
  public int tablesWithData() {
    return data.size();
  }

  /** Those of the tables whose data is not in it. */
  public List<TableName> missing(List<TableName> tables) {
    return tables.stream().filter(table -> !hasData(table)).toList();
  }

  private boolean hasData(TableName table) {
    return begins(table).stream().anyMatch(this::hasData);
  }

  /** How the names of a table may stand in the list, before its owner. */
  private static List<String> begins(TableName table) {
    String begin = sanitized(table.schema()) + " " + sanitized(table.table()) + " ";
    return List.of(begin, encoded(begin));
  }

  /** Whether an entry is the data of one of these tables, or of one whose name looks alike. */
  static Predicate<Entry> dataOf(Set<TableName> tables) {
    List<String> begins =
        tables.stream()
            .flatMap(table -> begins(table).stream())
            .map(begin -> "TABLE DATA " + begin)
            .toList();
    return entry -> begins.stream().anyMatch(entry.text()::startsWith);
  }

  private boolean hasData(String begin) {
    String next = data.ceiling(begin);
    return next != null && next.startsWith(begin);
  }

  /** The list is read with a character for each byte, as its encoding is the database's. */
  private static String encoded(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** A line of the list for people. */
  static String decoded(String line) {
    return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  /** As pg_restore writes names in its list. */
  private static String sanitized(String name) {
    return name.replace('\n', ' ').replace('\r', ' ');
  }

  List<Entry> entries() {
    return entries;
  }
}
