package dev.belay.cli;

import dev.belay.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Command lines and messages with every secret that may be in them replaced by asterisks. */
final class Masked {
  private static final String NAME = "[\\w.-]*(?:password|passwd|passphrase|secret|token)[\\w.-]*";

  /** The password of a URL ends at the last at-sign, since people forget to encode one in it. */
  private static final Pattern IN_URL = Pattern.compile("(?i)([a-z][\\w+.-]*://[^/:@\\s]*:).*@");

  private static final Pattern ASSIGNED =
      Pattern.compile("(?i)(" + NAME + "\\s*=\\s*)('(?:[^'\\\\]|\\\\.)*'?|[^\\s&'\"]+)");
  private static final Pattern SETTING = Pattern.compile("(?is)((?:--set=)?" + NAME + "=).*");

  private Masked() {}

  /** The words with blanks between them, without line ends. */
  static String words(List<String> words) {
    List<String> masked = new ArrayList<>();
    for (String word : words) {
      masked.add(TextTable.visible(word(word)));
    }
    return String.join(" ", masked);
  }

  /** One message. */
  static String text(String text) {
    return ASSIGNED.matcher(IN_URL.matcher(text).replaceAll("$1****@")).replaceAll("$1****");
  }

  /** A word that begins like a setting is one to its end, blanks included. */
  private static String word(String word) {
    return SETTING.matcher(word).matches()
        ? SETTING.matcher(word).replaceFirst("$1****")
        : text(word);
  }
}
