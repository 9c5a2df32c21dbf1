package dev.belay.config;

import dev.belay.core.Failure;
import java.util.List;

/** What there is of a secret in the address of a database, as it was given. */
public final class GivenUrl {
  private GivenUrl() {}

  /**
   * Whether a password is in it; in one that cannot be read, whatever looks like a secret counts as
   * one.
   */
  public static boolean holdsSecret(String url) {
    try {
      return ConnectionText.parse(url, "--url").has(ConnectionPart.PASSWORD);
    } catch (Failure malformed) {
      List<String> words = List.of("--url", url);
      return !Masking.words(words).equals(words);
    }
  }
}
