package dev.belay.incident;

import dev.belay.config.Masking;
import dev.belay.config.SecretForms;
import dev.belay.config.Section;
import dev.belay.config.Settings;
import dev.belay.core.Target;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
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

  /** What a key without an end may be made of, with the headers of an encrypted one. */
  private static final Pattern OF_KEY = Pattern.compile("[A-Za-z0-9+/=\\s\\\\:,.\"'{}-]+");

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
    forms.addAll(SecretForms.of(secret));
  }

  /** The text without any of them. */
  String without(String text) {
    return without(text, false);
  }

  /**
   * The text without any of them.
   *
   * @param markup whether it is HTML as it stands in a file
   */
  String without(String text, boolean markup) {
    String shown = text;
    for (String form : forms) {
      if (shown.contains(form)) {
        shown = shown.replace(form, Masking.MASK);
      }
    }
    if (shown.contains("://")) {
      shown = IN_URL.matcher(shown).replaceAll("$1" + Masking.MASK + "@");
    }
    return Masking.guessed(withoutKeys(shown), markup);
  }

  private static String withoutKeys(String text) {
    if (!text.contains("-----BEGIN")) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    Matcher begin = KeyLines.beginnings(text);
    int from = 0;
    boolean endless = false;
    while (begin.find(from)) {
      shown.append(text, from, begin.end());
      // Looked for once only: a long text may have nothing but beginnings.
      from = endless ? -1 : KeyLines.end(text, begin.end());
      endless = from < 0;
      if (endless) {
        Matcher rest = OF_KEY.matcher(text).region(begin.end(), text.length());
        from = rest.lookingAt() ? rest.end() : begin.end();
      }
      if (from > begin.end()) {
        shown.append(Masking.MASK);
      }
    }
    return shown.append(text, from, text.length()).toString();
  }
}
