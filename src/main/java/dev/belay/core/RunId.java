package dev.belay.core;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * One run of the program. Its text is part of the application name of every session, of the name of
 * every scratch database and of every partial folder, so that a later run knows what a dead one
 * left.
 *
 * @param text twelve hexadecimal digits
 */
public record RunId(String text) {
  /** The length of {@link #text()} in characters. */
  public static final int LENGTH = 12;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new one, from 48 random bits. */
  public static RunId fresh() {
    byte[] bytes = new byte[LENGTH / 2];
    RANDOM.nextBytes(bytes);
    return new RunId(HexFormat.of().formatHex(bytes));
  }

  @Override
  public String toString() {
    return text;
  }
}
