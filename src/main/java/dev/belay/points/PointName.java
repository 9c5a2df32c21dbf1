package dev.belay.points;

import dev.belay.core.Failure;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of rollback points and of their files. */
final class PointName {
  /** What every id begins with. */
  static final String PREFIX = "rp_";

  /** What the name of a record ends in. */
  static final String RECORD = ".point.json";

  /** What the name of the data ends in. */
  static final String DATA = ".json";

  private static final int LONGEST = 60;
  private static final int LONGEST_GIVEN = 1_000;
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss").withZone(ZoneOffset.UTC);
  private static final Pattern ID =
      Pattern.compile("rp_[A-Za-z0-9._-]{1,60}_\\d{8}_\\d{6}(?:_\\d{1,4})?");
  private static final Pattern FILE =
      Pattern.compile("(" + ID.pattern() + ")(?:\\.point)?\\.json(?:\\.checksum)?");

  private PointName() {}

  /**
   * The id of a point of that name made then: letters, digits, dots, hyphens and underscores stay,
   * so that it needs no quotes in any shell and any file system takes it.
   *
   * @param number from 1, to tell apart points of one second
   * @throws Failure USAGE when the name is longer than anybody would type
   */
  static String id(String name, Instant at, int number) {
    if (name.length() > LONGEST_GIVEN) {
      throw Failure.usage(
          "--name has %d characters".formatted(name.length()), "give a name of some words");
    }
    String plain =
        name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-._]+", "").replaceAll("-+", "-");
    String cut = plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
    String word = cut.replaceAll("[-._]+$", "");
    return PREFIX
        + (word.isEmpty() ? "point" : word)
        + "_"
        + STAMP.format(at)
        + (number == 1 ? "" : "_" + number);
  }

  /** Whether that is the id of a point. */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  /** The id of the point that a file belongs to, by its name. */
  static Optional<String> ofFile(Path file) {
    Matcher matcher = FILE.matcher(String.valueOf(file.getFileName()));
    return matcher.matches() ? Optional.of(String.valueOf(matcher.group(1))) : Optional.empty();
  }

  /** The moment in an id, down to the second and with its number: ids sort by it. */
  static String order(String id) {
    Matcher matcher = Pattern.compile("_(\\d{8}_\\d{6})(?:_(\\d{1,4}))?$").matcher(id);
    if (!matcher.find()) {
      return "";
    }
    String number = matcher.group(2);
    return matcher.group(1) + "_" + "%4s".formatted(number == null ? "1" : number);
  }
}
