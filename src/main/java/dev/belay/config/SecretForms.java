package dev.belay.config;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** How a library, a server or a page may write a secret. */
public final class SecretForms {
  private static final int SHORTEST = 4;
  private static final Pattern ENCODED = Pattern.compile("%[0-9A-F]{2}");

  private SecretForms() {}

  /**
   * The secret as it is, percent-encoded, as JSON, SQL and HTML write it, in hexadecimal digits and
   * in Base64.
   */
  public static Set<String> of(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    Set<String> forms = new LinkedHashSet<>();
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
    base64(bytes, forms);
    return forms;
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
  private static void base64(byte[] bytes, Set<String> into) {
    into.add(Base64.getEncoder().encodeToString(bytes));
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      String whole = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // Digits that hold bits of what stands before or behind it are not its own.
      int from = before == 0 ? 0 : before + 1;
      int to = shifted.length % 3 == 0 ? whole.length() : whole.length() - 1;
      if (to - from >= SHORTEST) {
        String own = whole.substring(from, to);
        into.add(own);
        into.add(own.replace('+', '-').replace('/', '_'));
        into.add(own.replace("+", "%2B").replace("/", "%2F"));
      }
    }
  }

  /** The hexadecimal digits of an encoding in lower case, as some write them. */
  private static String lower(String encoded) {
    return ENCODED.matcher(encoded).replaceAll(match -> match.group().toLowerCase(Locale.ROOT));
  }
}
