package dev.belay.swap;

import dev.belay.core.RunId;
import dev.belay.journal.DatabaseNote;
import dev.belay.postgres.Database;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Predicate;

/**
 * The names of databases that are made from another's name. The server cuts a name at 63 bytes
 * without a word, so the name is cut here, between characters, and its ending is kept.
 */
public final class DatabaseNames {
  /** The longest name that PostgreSQL keeps, in bytes. */
  public static final int LONGEST = 63;

  private static final String FRESH = "_belay_new_";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

  private DatabaseNames() {}

  /** The name that a restored database has until it takes the live one's place. */
  public static String fresh(String live, RunId run) {
    return derive(live, FRESH + run, ignored -> false);
  }

  /** Whether it still has the name that the run gave it, so that nobody but the run needs it. */
  static boolean isFresh(String name, DatabaseNote note) {
    return note.kind() == DatabaseNote.Kind.NEW && name.endsWith(FRESH + note.run());
  }

  /** The name that the live database gets when another takes its place; no other has it. */
  static String replaced(Database maintenance, String live, Instant at) {
    return derive(
        live, "_replaced_" + STAMP.format(at), name -> SwapQueries.exists(maintenance, name));
  }

  /** The base with the ending, cut where needed, with a number where the name is taken. */
  static String derive(String base, String ending, Predicate<String> taken) {
    String name = cut(base, LONGEST - bytes(ending)) + ending;
    for (int number = 2; taken.test(name); number++) {
      String numbered = ending + "_" + number;
      name = cut(base, LONGEST - bytes(numbered)) + numbered;
    }
    return name;
  }

  private static String cut(String text, int longest) {
    int end = text.length();
    while (bytes(text.substring(0, end)) > longest) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end);
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
