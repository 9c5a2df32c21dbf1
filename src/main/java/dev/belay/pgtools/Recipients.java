package dev.belay.pgtools;

import com.exceptionfactory.jagged.RecipientStanzaWriter;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaWriterFactory;
import dev.belay.core.Failure;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Who can open what is encrypted: public age keys, each of which suffices alone.
 *
 * @param keys such as {@code age1…}; empty: nothing is encrypted
 */
public record Recipients(List<String> keys) {
  /** Nobody, so nothing is encrypted. */
  public static final Recipients NONE = new Recipients(List.of());

  private static final String HINT =
      "make a key pair with: age-keygen -o belay.key, and give the public key that it prints,"
          + " which begins with age1";

  public Recipients {
    keys = List.copyOf(keys);
  }

  /**
   * Reads public keys as {@code age-keygen} prints them.
   *
   * @throws Failure USAGE when one is not such a key; a private key is not shown
   */
  public static Recipients parse(List<String> texts) {
    List<String> keys = new ArrayList<>();
    for (String text : texts) {
      String key = text.strip();
      if (key.toUpperCase(Locale.ROOT).contains("SECRET-KEY")) {
        throw Failure.usage(
            "a private age key was given as a recipient; whoever saw it can open what it opens",
            "give the public key, which begins with age1: age-keygen -y <key file>");
      }
      writer(key);
      if (!keys.contains(key)) {
        keys.add(key);
      }
    }
    return new Recipients(keys);
  }

  /** Whether anything is encrypted. */
  public boolean isEmpty() {
    return keys.isEmpty();
  }

  List<RecipientStanzaWriter> writers() {
    return keys.stream().map(Recipients::writer).toList();
  }

  private static RecipientStanzaWriter writer(String key) {
    try {
      return X25519RecipientStanzaWriterFactory.newRecipientStanzaWriter(key);
    } catch (GeneralSecurityException | RuntimeException wrong) {
      String reason =
          key.startsWith("age1") ? "is not a whole X25519 key" : "does not begin with age1";
      throw Failure.usage("'" + key + "' is no age recipient: it " + reason, HINT).causedBy(wrong);
    }
  }
}
