package dev.belay.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The queries of this room: files beside this class that psql can run. A line that ends in {@code
 * -- since 14} is for servers of that major version and later, one that ends in {@code -- until 13}
 * for that and earlier ones.
 */
final class QueryText {
  private static final Pattern MARK = Pattern.compile("(?m)^.* -- (since|until) (\\d+)\\n");

  private QueryText() {}

  /** The text for a server of that major version. */
  static String of(String name, int major) {
    return MARK.matcher(text(name))
        .replaceAll(
            line -> {
              int version = Integer.parseInt(line.group(2));
              boolean fits = line.group(1).equals("since") ? major >= version : major <= version;
              return fits ? Matcher.quoteReplacement(line.group()) : "";
            });
  }

  private static String text(String name) {
    try (InputStream file = QueryText.class.getResourceAsStream(name + ".sql")) {
      if (file == null) {
        throw new IllegalStateException("no query " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
