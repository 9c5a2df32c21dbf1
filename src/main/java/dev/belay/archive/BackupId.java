package dev.belay.archive;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** The name of a backup: {@code <database>_<yyyyMMdd_HHmmss>}, the time in UTC. */
public final class BackupId {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);

  /** Every id looks like this. */
  static final Pattern FORM = Pattern.compile(".+_\\d{8}_\\d{6}(?:_\\d+)?");

  private BackupId() {}

  /**
   * The id of a backup that is begun now.
   *
   * @param number 1 for the first of that second, then 2 and so on
   */
  static String of(String database, Instant begin, int number) {
    String id = fileName(database) + "_" + STAMP.format(begin);
    return number == 1 ? id : id + "_" + number;
  }

  /**
   * A database's name as part of a file's name: what is not a letter, a digit, a hyphen or an
   * underscore of ASCII is percent-encoded, since a file's name has no slash, a leading dot hides
   * it, and not every locale can write every letter.
   */
  public static String fileName(String database) {
    StringBuilder name = new StringBuilder();
    for (byte each : database.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (each & 0xff);
      boolean plain =
          character < 128
              && (Character.isLetterOrDigit(character)
                  || (character == '-' && !name.isEmpty())
                  || character == '_');
      name.append(
          plain
              ? String.valueOf(character)
              : String.format(Locale.ROOT, "%%%02X", (int) character));
    }
    return name.toString();
  }
}
