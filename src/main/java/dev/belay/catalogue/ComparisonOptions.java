package dev.belay.catalogue;

import java.util.List;

/**
 * What counts as a difference.
 *
 * @param owners whether another owner does
 * @param privileges whether other grants and default privileges do
 * @param comments whether another comment or security label does
 * @param strict whether another name of a constraint, an index or an identity's sequence does,
 *     where both names look like those that PostgreSQL makes; another version of an extension; and
 *     other line ends or blanks at line ends in the bodies of functions
 * @param ignored objects that are passed over on both sides
 */
public record ComparisonOptions(
    boolean owners,
    boolean privileges,
    boolean comments,
    boolean strict,
    List<NamePattern> ignored) {
  public ComparisonOptions {
    ignored = List.copyOf(ignored);
  }

  /** Everything counts and nothing is ignored: equal means the same text from pg_dump. */
  public static ComparisonOptions exact() {
    return new ComparisonOptions(true, true, true, true, List.of());
  }

  boolean ignores(ObjectKey key) {
    return (!privileges
            && (key.kind() == ObjectKind.DEFAULT_PRIVILEGES || key.kind() == ObjectKind.PRIVILEGES))
        || ignored.stream().anyMatch(pattern -> pattern.matches(key));
  }

  boolean compares(ObjectKind kind, String property) {
    return switch (property) {
      case Property.OWNER -> owners;
      case Property.GRANTS -> privileges;
      case Property.COMMENT, Property.LABEL, Property.INDEX_COMMENT -> comments;
      case Property.VERSION -> strict || kind != ObjectKind.EXTENSION;
      default -> true;
    };
  }
}
