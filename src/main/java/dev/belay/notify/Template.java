package dev.belay.notify;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A text with variables in double braces, such as {@code {{database}}}, or {@code {{impact|not
 * known}}} where there may be none. What a variable puts in is never looked at again.
 *
 * @param subject its first line, where that begins with {@code Subject:}; null: it has none
 */
record Template(@Nullable String subject, String body) {
  private static final Pattern VARIABLE =
      Pattern.compile("\\{\\{\\s*([^{}|\\n]{1,60}?)\\s*(?:\\|([^{}\\n]*))?}}");
  private static final Pattern SUBJECT =
      Pattern.compile("\\A\\x{FEFF}?Subject:[ \\t]*(.*?)[ \\t]*\\R(?:[ \\t]*\\R)?");

  /** Reads a text; line ends of any system. */
  static Template of(String text) {
    String plain = text.replace("\r\n", "\n").replace('\r', '\n');
    Matcher subject = SUBJECT.matcher(plain);
    return subject.find()
        ? new Template(subject.group(1), plain.substring(subject.end()))
        : new Template(null, plain);
  }

  /**
   * What came out.
   *
   * @param unknown variables that have no value and no other text
   */
  record Filled(@Nullable String subject, String body, Set<String> unknown) {}

  /**
   * Puts the values in.
   *
   * @param values of a name as {@link #plain} gives it; null: there is none
   * @param escape for what is put into the body
   */
  Filled fill(Function<String, @Nullable String> values, UnaryOperator<String> escape) {
    Set<String> unknown = new LinkedHashSet<>();
    String head = subject == null ? null : fill(subject, values, UnaryOperator.identity(), unknown);
    String text = fill(body, values, escape, unknown);
    return new Filled(head, text.replaceAll("\\n{3,}", "\n\n").strip(), unknown);
  }

  private static String fill(
      String text,
      Function<String, @Nullable String> values,
      UnaryOperator<String> escape,
      Set<String> unknown) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            found -> {
              String value = values.apply(plain(found.group(1)));
              String other = found.group(2);
              if (value == null && other == null) {
                unknown.add(found.group(1));
                return Matcher.quoteReplacement(found.group());
              }
              return Matcher.quoteReplacement(escape.apply(value == null ? other : value));
            });
  }

  /** The names that it mentions, as {@link #plain} gives them. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    Matcher matcher = VARIABLE.matcher(subject + "\n" + body);
    while (matcher.find()) {
      names.add(plain(matcher.group(1)));
    }
    return names;
  }

  /** A name without what may be written differently: case, blanks, hyphens, underscores. */
  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "");
  }
}
