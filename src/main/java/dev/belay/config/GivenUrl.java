package dev.belay.config;

import dev.belay.core.Failure;
import java.util.List;
import java.util.Optional;

/**
 * What there is of a secret in the address of a database, as it was given.
 *
 * @param secret whether a password is in it, or may be
 * @param passwordFile the file that it names for passwords, as it is written; no secret
 */
public record GivenUrl(boolean secret, Optional<String> passwordFile) {
  /** Of an address; of one that cannot be read, whatever looks like a secret counts as one. */
  public static GivenUrl of(String url) {
    try {
      Parts parts = ConnectionText.parse(url, "--url");
      return new GivenUrl(
          parts.has(ConnectionPart.PASSWORD),
          Optional.ofNullable(parts.get(ConnectionPart.PASSWORD_FILE)).map(Given::text));
    } catch (Failure malformed) {
      List<String> words = List.of("--url", url);
      return new GivenUrl(!Masking.words(words).equals(words), Optional.empty());
    }
  }
}
