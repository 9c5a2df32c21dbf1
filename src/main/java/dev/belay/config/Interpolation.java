package dev.belay.config;

import dev.belay.core.Failure;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts environment variables into values: a dollar and the name in braces, with {@code :-default}
 * after the name where it may be missing; a second dollar before it takes the meaning away.
 */
final class Interpolation {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private Interpolation() {}

  /**
   * The text with the values of the variables in it.
   *
   * @param place where the text stands
   * @throws Failure USAGE when a variable is not set and has no default
   */
  static String expand(String text, Map<String, String> environment, String place) {
    return replace(
        text,
        place,
        (name, fallback) -> {
          String value = environment.get(name);
          if (fallback != null) {
            return value == null || value.isEmpty() ? fallback : value;
          }
          if (value == null) {
            throw Failure.usage(
                place + ": the environment variable " + name + " is not set",
                "export " + name + "=…, or give a default: ${" + name + ":-default}");
          }
          return value;
        });
  }

  /** The text with {@code stand-in} in place of every variable that has no default. */
  static String withStandIn(String text, String standIn, String place) {
    return replace(text, place, (name, fallback) -> fallback == null ? standIn : fallback);
  }

  private static String replace(
      String text, String place, BiFunction<String, @Nullable String, String> value) {
    if (!text.contains("${")) {
      return text;
    }
    StringBuilder answer = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int next = text.indexOf("${", at);
      if (next < 0) {
        break;
      }
      if (next > at && text.charAt(next - 1) == '$') {
        answer.append(text, at, next - 1).append("${");
        at = next + 2;
        continue;
      }
      int end = text.indexOf('}', next);
      if (end < 0) {
        throw wrong(place);
      }
      answer.append(text, at, next);
      String inside = text.substring(next + 2, end);
      int separator = inside.indexOf(":-");
      String name = separator < 0 ? inside : inside.substring(0, separator);
      if (!NAME.matcher(name).matches()) {
        throw wrong(place);
      }
      answer.append(value.apply(name, separator < 0 ? null : inside.substring(separator + 2)));
      at = end + 1;
    }
    return answer.append(text, at, text.length()).toString();
  }

  /** The text is not shown: it may be part of a password. */
  private static Failure wrong(String place) {
    return Failure.usage(
        place + ": what follows ${ is not the name of an environment variable and a }",
        "write ${NAME} or ${NAME:-default}, and $${ for ${ itself");
  }
}
