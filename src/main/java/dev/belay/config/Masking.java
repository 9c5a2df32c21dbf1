package dev.belay.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Takes secrets out of text that is about to be shown or logged. */
public final class Masking {
  /** What stands where a secret was, whatever its length. */
  public static final String MASK = "****";

  private static final Pattern SECRET_VALUE =
      Pattern.compile("(?is)((?:password|passwd|secret|token|api[-_]?key)[^=\\s&]*\\s*=).*");

  private Masking() {}

  /** The arguments of a command line without the passwords in URLs and {@code password=…}. */
  public static List<String> arguments(List<String> arguments) {
    return arguments.stream().map(Masking::argument).toList();
  }

  /**
   * One argument without its secrets. What stands between the first colon of a URL's user part and
   * its last {@code @} goes whole, so that an {@code @} in a password betrays nothing.
   */
  public static String argument(String argument) {
    String shown = argument;
    int scheme = shown.indexOf("://");
    int from = scheme < 0 ? 0 : scheme + 3;
    int colon = shown.indexOf(':', from);
    int at = shown.lastIndexOf('@');
    if (colon >= 0 && at > colon) {
      shown = shown.substring(0, colon + 1) + MASK + shown.substring(at);
    }
    return SECRET_VALUE.matcher(shown).replaceFirst("$1" + MASK);
  }

  /** Whether a name sounds as if its value were nobody's business. */
  static boolean soundsSecret(String name) {
    String plain = Known.plain(name.toLowerCase(Locale.ROOT));
    return plain.contains("password")
        || plain.contains("passwd")
        || plain.contains("secret")
        || plain.contains("token")
        || plain.contains("apikey")
        || plain.contains("licensekey")
        || plain.contains("credential")
        || plain.contains("webhook")
        || plain.contains("privatekey");
  }

  /**
   * The value, or the mask where the name sounds secret; what a URL hides is hidden in any case.
   */
  static String shown(String name, String value) {
    if (value.isEmpty()) {
      return value;
    }
    return soundsSecret(name) ? MASK : value.contains("://") ? argument(value) : value;
  }
}
