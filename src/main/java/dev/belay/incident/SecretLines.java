package dev.belay.incident;

import dev.belay.config.Masking;

/** Takes secrets out of lines that follow each other: a private key goes over several of them. */
final class SecretLines {
  private final Secrets secrets;
  private final boolean markup;
  private final KeyLines key;

  SecretLines(Secrets secrets) {
    this(secrets, false, new KeyLines());
  }

  /**
   * @param markup whether they are HTML as it stands in a file
   * @param key how far a key goes that began before
   */
  SecretLines(Secrets secrets, boolean markup, KeyLines key) {
    this.secrets = secrets;
    this.markup = markup;
    this.key = key;
  }

  /** The next line without secrets. */
  String next(String line) {
    int ofKey = key.follow(line);
    if (ofKey == 0) {
      return secrets.without(line, markup);
    }
    return Masking.MASK + secrets.without(line.substring(ofKey), markup);
  }

  /** The next line is not shown, but may have the beginning of a key. */
  void pass(String line) {
    key.follow(line);
  }
}
