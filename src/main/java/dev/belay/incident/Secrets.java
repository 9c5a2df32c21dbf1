package dev.belay.incident;

import dev.belay.config.Masking;
import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.Target;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what leaves this machine: the values that the configuration and the
 * environment call secret, in whatever form something may have written them, and what looks like a
 * secret of anybody's.
 */
final class Secrets {
  private static final int SHORTEST = 4;
  private static final int SHORTEST_PIECE = 8;
  private static final int DEEPEST = 12;

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)");

  /**
   * Up to the last at-sign of the word, since people forget to encode one in a password. All
   * lengths are bounded: a line of a megabyte that somebody made for it must not take an hour.
   */
  private static final Pattern IN_URL =
      Pattern.compile("([A-Za-z][\\w+.-]{0,30}://[^/:@\\s]{0,200}:)\\S{0,500}@");

  private static final Pattern WEBHOOK =
      Pattern.compile(
          "(?i)(https?://(?:hooks\\.slack\\.com|discord(?:app)?\\.com/api/webhooks"
              + "|[\\w.-]{1,200}\\.webhook\\.office\\.com|events\\.pagerduty\\.com/integration)/)"
              + "[^\\s\"'<>\\\\]{1,400}");

  /** Whether it is worth looking for {@link #ASSIGNED}, which takes longer. */
  private static final Pattern NAMED =
      Pattern.compile("(?i)pass(?:word|wd|phrase)|secret|token|api[-_]?key|routing[-_]?key");

  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?i)((?:password|passwd|passphrase|secret|token|api[-_]?key|routing[-_]?key)"
              + "[\\w.-]{0,60}[\"']?\\s{0,8}[=:]\\s{0,8})"
              + "(\"(?:[^\"\\\\]|\\\\.){0,800}\"?|'(?:[^'\\\\]|\\\\.){0,800}'?|[^\\s&'\"<>,;}]+)");

  private static final Pattern IN_SQL =
      Pattern.compile("(?i)(\\bpassword\\s{1,8})(e?'(?:[^'\\\\]|\\\\.|''){0,800}'?)");

  private static final Pattern AUTHORIZATION =
      Pattern.compile("(?i)(\\b(?:bearer|basic)\\s{1,4})[A-Za-z0-9._~+/=-]{8,2000}");

  private static final Pattern KNOWN_FORM =
      Pattern.compile(
          "AGE-SECRET-KEY-1[A-Z0-9]{1,200}|\\bAKIA[A-Z0-9]{16}\\b|\\bxox[abprs]-[A-Za-z0-9-]{10,200}"
              + "|\\bgh[pousr]_[A-Za-z0-9]{20,200}|\\bSCRAM-SHA-256\\$\\S{1,400}");

  private static final Pattern KEY_BLOCK =
      Pattern.compile("(-----BEGIN [A-Z ]*PRIVATE KEY-----)[A-Za-z0-9+/=\\s\\\\]+");

  private final Set<String> forms =
      new TreeSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  private Secrets() {}

  /** Those of this configuration and environment. */
  static Secrets of(Settings settings, Map<String, String> environment) {
    Secrets secrets = new Secrets();
    Target target = settings.reached();
    if (target != null) {
      target.password().ifPresent(password -> secrets.hide(password.reveal()));
    }
    environment.forEach(
        (name, value) -> {
          if (Masking.soundsSecret(name)) {
            secrets.hide(value);
          }
          secrets.hideInUrl(value, false);
        });
    secrets.section(settings.whole(), environment, 0);
    return secrets;
  }

  /** What must not be shown; for tests and what is known otherwise. */
  static Secrets of(List<String> values) {
    Secrets secrets = new Secrets();
    values.forEach(secrets::hide);
    return secrets;
  }

  private void section(Section section, Map<String, String> environment, int depth) {
    if (depth > DEEPEST) {
      return;
    }
    for (String key : section.keys()) {
      String name = section.name().isEmpty() ? key : section.name() + "." + key;
      section
          .raw(key)
          .ifPresent(
              written -> {
                value(name, written);
                Matcher variable = VARIABLE.matcher(written);
                while (variable.find()) {
                  String of = environment.get(variable.group(1));
                  if (of != null) {
                    value(name, of);
                  }
                }
              });
      section(section.section(key), environment, depth + 1);
    }
  }

  private void value(String name, String value) {
    if (Masking.soundsSecret(name) && !name.endsWith("passwordFile")) {
      hide(value);
      hideInUrl(value, true);
    } else {
      hideInUrl(value, false);
    }
  }

  /**
   * @param path whether what follows the host is a secret too
   */
  private void hideInUrl(String value, boolean path) {
    int scheme = value.indexOf("://");
    if (scheme < 0) {
      return;
    }
    int at = value.lastIndexOf('@');
    int colon = value.indexOf(':', scheme + 3);
    if (colon >= 0 && at > colon) {
      String password = value.substring(colon + 1, at);
      hide(password);
      hide(decoded(password));
    }
    int slash = value.indexOf('/', scheme + 3);
    if (path && slash >= 0) {
      for (String piece : value.substring(slash).split("[/&=?#]", -1)) {
        if (piece.length() >= SHORTEST_PIECE) {
          hide(piece);
          hide(decoded(piece));
        }
      }
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  private void hide(String secret) {
    if (secret.strip().length() < SHORTEST || secret.startsWith("${")) {
      // A shorter one is part of any text.
      return;
    }
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    forms.add(secret);
    forms.add(encoded);
    forms.add(encoded.replace("+", "%20"));
    forms.add(lower(encoded));
    forms.add(lower(encoded.replace("+", "%20")));
    forms.add(json(secret));
    forms.add(secret.replace("'", "''"));
    forms.add(html(secret));
    forms.add(html(json(secret)));
    forms.add(HexFormat.of().formatHex(bytes));
    base64(bytes);
  }

  private static String json(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String html(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** Also as a part of something longer, such as {@code user:password}, at each of the offsets. */
  private void base64(byte[] bytes) {
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // Digits that hold bits of what stands before or behind it are not its own.
      int from = before == 0 ? 0 : before + 1;
      int to = shifted.length % 3 == 0 ? whole.length() : whole.length() - 1;
      if (to - from >= SHORTEST) {
        String own = whole.substring(from, to);
        forms.add(own);
        forms.add(own.replace('+', '-').replace('/', '_'));
        forms.add(own.replace("+", "%2B").replace("/", "%2F"));
      }
    }
  }

  /** The hexadecimal digits of an encoding in lower case, as some write them. */
  private static String lower(String encoded) {
    return Pattern.compile("%[0-9A-F]{2}")
        .matcher(encoded)
        .replaceAll(match -> match.group().toLowerCase(java.util.Locale.ROOT));
  }

  /** The text without any of them. */
  String without(String text) {
    String shown = text;
    for (String form : forms) {
      if (shown.contains(form)) {
        shown = shown.replace(form, Masking.MASK);
      }
    }
    if (shown.contains("://")) {
      shown = IN_URL.matcher(shown).replaceAll("$1" + Masking.MASK + "@");
      shown = WEBHOOK.matcher(shown).replaceAll("$1" + Masking.MASK);
    }
    if (shown.contains("PRIVATE KEY-----")) {
      shown = KEY_BLOCK.matcher(shown).replaceAll("$1" + Masking.MASK);
    }
    shown = KNOWN_FORM.matcher(shown).replaceAll(Masking.MASK);
    shown = AUTHORIZATION.matcher(shown).replaceAll("$1" + Masking.MASK);
    if (!NAMED.matcher(shown).find()) {
      return shown;
    }
    return IN_SQL
        .matcher(ASSIGNED.matcher(shown).replaceAll("$1" + Masking.MASK))
        .replaceAll("$1" + Masking.MASK);
  }
}
