package dev.belay.catalogue;

import dev.belay.core.Failure;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which objects are meant: {@code schema.object}, {@code schema.table.part}, or a name alone for
 * what is in no schema, with {@code *} and {@code ?}; with {@code kind:} before it, only objects of
 * that kind. What is said of a table is said of its parts too.
 */
public final class NamePattern {
  private static final Pattern KIND =
      Pattern.compile("([A-Za-z][A-Za-z _-]*):(.+)", Pattern.DOTALL);

  private final String text;
  private final Optional<ObjectKind> kind;
  private final Pattern name;

  private NamePattern(String text, Optional<ObjectKind> kind, String glob) {
    this.text = text;
    this.kind = kind;
    this.name = Pattern.compile(regex(glob), Pattern.DOTALL);
  }

  /**
   * Reads one.
   *
   * @throws Failure USAGE when it is empty or names a kind that there is not
   */
  public static NamePattern of(String text) {
    Matcher parts = KIND.matcher(text);
    if (parts.matches()) {
      ObjectKind kind =
          ObjectKind.of(parts.group(1))
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "there is no kind '%s' of objects (pattern '%s')"
                              .formatted(parts.group(1), text),
                          "use one of: "
                              + Arrays.stream(ObjectKind.values())
                                  .map(ObjectKind::word)
                                  .collect(Collectors.joining(", "))));
      return new NamePattern(text, Optional.of(kind), parts.group(2));
    }
    if (text.isBlank()) {
      throw Failure.usage(
          "a pattern of what is ignored is empty",
          "write it as schema.object or kind:schema.object");
    }
    return new NamePattern(text, Optional.empty(), text);
  }

  /** Whether the object, or what it is a part of, is meant. */
  public boolean matches(ObjectKey key) {
    boolean own =
        (kind.isEmpty() || kind.get() == key.kind()) && name.matcher(key.plain()).matches();
    boolean whole =
        key.isMember()
            && (kind.isEmpty() || kind.get().isRelation() || isType(kind.get()))
            && name.matcher(key.owner()).matches();
    return own || whole;
  }

  private static boolean isType(ObjectKind kind) {
    return kind == ObjectKind.DOMAIN || kind == ObjectKind.COMPOSITE_TYPE;
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    glob.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(point)));
              }
            });
    return regex.toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
