package dev.belay.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks a password up in libpq's {@code .pgpass}. */
final class PasswordFile {
  private final Path file;
  private final Places places;

  PasswordFile(Path file, Places places) {
    this.file = file;
    this.places = places;
  }

  /** Why the file is not used, in words that fit after its name; null when it may be used. */
  @Nullable String objection() {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      return "ignored: not a plain file";
    }
    if (Files.exists(file) && Places.isOpenToOthers(file)) {
      return "ignored: mode "
          + Places.mode(file)
          + " lets others read it (chmod 600 "
          + places.show(file)
          + ")";
    }
    return null;
  }

  /**
   * The password of the first line that fits, with its place; null when none does.
   *
   * @param hosts the names under which the host may stand there
   */
  @Nullable Given find(List<String> hosts, String port, String database, String user) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file) || objection() != null) {
      return null;
    }
    int number = 0;
    for (String line : places.read(file).lines().toList()) {
      number++;
      List<String> fields = line.startsWith("#") ? List.of() : fields(line);
      if (fields.size() >= 5
          && hosts.stream().anyMatch(host -> fits(fields.get(0), host))
          && fits(fields.get(1), port)
          && fits(fields.get(2), database)
          && fits(fields.get(3), user)) {
        return Given.of(plain(fields.get(4)), places.show(file) + ":" + number);
      }
    }
    return null;
  }

  private static boolean fits(String field, String value) {
    return field.equals("*") || plain(field).equals(value);
  }

  /** The fields as they stand in the file: only an escaped star can be told from a wildcard so. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    for (int at = 0; at < line.length(); at++) {
      char next = line.charAt(at);
      if (next == '\\' && at + 1 < line.length()) {
        field.append(next).append(line.charAt(++at));
      } else if (next == ':') {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(next);
      }
    }
    fields.add(field.toString());
    return fields;
  }

  private static String plain(String field) {
    StringBuilder plain = new StringBuilder();
    for (int at = 0; at < field.length(); at++) {
      char next = field.charAt(at);
      plain.append(next == '\\' && at + 1 < field.length() ? field.charAt(++at) : next);
    }
    return plain.toString();
  }
}
