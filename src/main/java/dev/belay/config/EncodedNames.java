package dev.belay.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parameters of a URL whose names are percent-encoded: it reads them as any other. */
final class EncodedNames {
  /** The name of one; the first group is the name. */
  static final Pattern IN_URL = Pattern.compile("(?<=[?&])([^=&\\s?]{0,200}%[^=&\\s?]{0,200})=");

  private static final Pattern WITH_VALUE = Pattern.compile(IN_URL.pattern() + "[^\\s'\"]+");

  private EncodedNames() {}

  /** As behind a name that is not encoded, all that follows goes. */
  static String without(String argument) {
    Matcher parameter = IN_URL.matcher(argument);
    while (parameter.find()) {
      if (soundSecret(parameter.group(1))) {
        return argument.substring(0, parameter.end()) + Masking.MASK;
      }
    }
    return argument;
  }

  /** The same in a script, in which a value ends where its word does. */
  static String withoutInScript(String script) {
    return WITH_VALUE
        .matcher(script)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    soundSecret(found.group(1))
                        ? found.group(1) + "=" + Masking.MASK
                        : found.group()));
  }

  /** Whether such a name sounds as if its value were nobody's business. */
  static boolean soundSecret(String name) {
    return Masking.soundsSecret(decoded(name));
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      // What it is cannot be known, so it is treated as a secret.
      return "password";
    }
  }
}
