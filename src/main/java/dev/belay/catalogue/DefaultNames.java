package dev.belay.catalogue;

import java.util.regex.Pattern;

/** Names that PostgreSQL makes itself, such as {@code orders_pkey} and {@code orders_id_idx1}. */
final class DefaultNames {
  private static final Pattern OF_INDEX =
      Pattern.compile(".*_(idx|key|pkey|excl)\\d*", Pattern.DOTALL);
  private static final Pattern OF_CONSTRAINT =
      Pattern.compile(".*_(pkey|key|fkey|check|excl|not_null)\\d*", Pattern.DOTALL);
  private static final Pattern OF_SEQUENCE = Pattern.compile(".*_seq\\d*\"?", Pattern.DOTALL);

  private DefaultNames() {}

  /** Whether a constraint or an index may have got this name from the server. */
  static boolean looksMade(ObjectKey key) {
    return switch (key.kind()) {
      case INDEX -> OF_INDEX.matcher(key.member()).matches();
      case CONSTRAINT, DOMAIN_CONSTRAINT -> OF_CONSTRAINT.matcher(key.member()).matches();
      default -> false;
    };
  }

  /** Whether a property holds nothing but a name, and one that looks made on both sides. */
  static boolean onlyName(String property, String expected, String actual) {
    Pattern made =
        switch (property) {
          case Property.IDENTITY_SEQUENCE -> OF_SEQUENCE;
          case Property.ATTACHED_TO -> OF_INDEX;
          default -> null;
        };
    return made != null && made.matcher(expected).matches() && made.matcher(actual).matches();
  }
}
