package dev.belay.flyway;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far Flyway is to migrate: its setting {@code target}. */
final class FlywayTarget {
  private enum Kind {
    LATEST,
    CURRENT,
    NEXT,
    VERSION
  }

  private final Kind kind;
  private final @Nullable MigrationVersion version;

  private FlywayTarget(Kind kind, @Nullable MigrationVersion version) {
    this.kind = kind;
    this.version = version;
  }

  /** Reads the setting; a {@code ?} after a version only says that it need not exist. */
  static FlywayTarget of(@Nullable String setting) {
    String text = setting == null ? "" : setting.strip();
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "", "latest" -> new FlywayTarget(Kind.LATEST, null);
      case "current" -> new FlywayTarget(Kind.CURRENT, null);
      case "next" -> new FlywayTarget(Kind.NEXT, null);
      default -> ofVersion(text.endsWith("?") ? text.substring(0, text.length() - 1) : text);
    };
  }

  private static FlywayTarget ofVersion(String text) {
    Optional<MigrationVersion> version = MigrationVersion.parse(text);
    return new FlywayTarget(version.isPresent() ? Kind.VERSION : Kind.LATEST, version.orElse(null));
  }

  /** The same, once it is known what was applied last; null: nothing. */
  FlywayTarget afterReading(@Nullable MigrationVersion lastApplied) {
    return kind == Kind.CURRENT ? new FlywayTarget(Kind.CURRENT, lastApplied) : this;
  }

  boolean isNext() {
    return kind == Kind.NEXT;
  }

  /** The target when it was {@code next} and that turned out to be this version; null: none. */
  FlywayTarget asNext(@Nullable MigrationVersion next) {
    return next == null
        ? new FlywayTarget(Kind.LATEST, null)
        : new FlywayTarget(Kind.VERSION, next);
  }

  boolean isBelow(MigrationVersion candidate) {
    return switch (kind) {
      case LATEST, NEXT -> false;
      case CURRENT, VERSION -> version == null || candidate.compareTo(version) > 0;
    };
  }
}
