package dev.belay.flyway;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A version as Flyway orders it: numbers between dots, {@code _} the same as a dot, trailing zeros
 * of no meaning, so that 1, 01 and 1.0 are equal. What is no such version, as somebody may have
 * written by hand into the history, comes after all that are, in the order of its text.
 */
public final class MigrationVersion implements Comparable<MigrationVersion> {
  private static final Pattern BETWEEN_PARTS = Pattern.compile("\\.(?=\\d)");

  private final String text;
  private final List<BigInteger> parts;

  private MigrationVersion(String text, List<BigInteger> parts) {
    this.text = text;
    this.parts = parts;
  }

  /** The version with that text, whatever it is. */
  public static MigrationVersion of(String text) {
    return parse(text).orElseGet(() -> new MigrationVersion(text, List.of()));
  }

  /** The version with that text, or nothing when Flyway would not take it for one. */
  public static Optional<MigrationVersion> parse(String text) {
    String dotted = text.replace('_', '.');
    List<BigInteger> parts = new ArrayList<>();
    try {
      for (String part : BETWEEN_PARTS.split(dotted, -1)) {
        parts.add(new BigInteger(part));
      }
    } catch (NumberFormatException notNumbers) {
      return Optional.empty();
    }
    while (parts.size() > 1 && parts.get(parts.size() - 1).signum() == 0) {
      parts.remove(parts.size() - 1);
    }
    return Optional.of(new MigrationVersion(dotted, parts));
  }

  /**
   * The one form that all equal versions share, such as {@code 1.2} for 1.2, 01_2 and 1.2.0; for
   * what is no version, its text.
   */
  public String canonical() {
    return parts.isEmpty()
        ? text
        : parts.stream().map(BigInteger::toString).collect(Collectors.joining("."));
  }

  /** Whether it is a version that Flyway can read. */
  public boolean isValid() {
    return !parts.isEmpty();
  }

  @Override
  public int compareTo(MigrationVersion other) {
    if (parts.isEmpty() || other.parts.isEmpty()) {
      boolean bothText = parts.isEmpty() && other.parts.isEmpty();
      return bothText ? text.compareTo(other.text) : Boolean.compare(isText(), other.isText());
    }
    for (int index = 0; index < Math.max(parts.size(), other.parts.size()); index++) {
      int compared = part(index).compareTo(other.part(index));
      if (compared != 0) {
        return compared;
      }
    }
    return 0;
  }

  private boolean isText() {
    return parts.isEmpty();
  }

  private BigInteger part(int index) {
    return index < parts.size() ? parts.get(index) : BigInteger.ZERO;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MigrationVersion version && compareTo(version) == 0;
  }

  @Override
  public int hashCode() {
    return parts.isEmpty() ? text.hashCode() : parts.hashCode();
  }

  /** The version with dots, as Flyway writes it into its history. */
  @Override
  public String toString() {
    return text;
  }
}
