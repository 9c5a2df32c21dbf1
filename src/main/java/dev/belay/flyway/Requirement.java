package dev.belay.flyway;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A declared dependency: one migration needs another.
 *
 * @param from the migration that needs the other
 * @param to the migration that must be applied before it
 * @param where it is declared: {@code file:line}, or the name of the setting
 */
public record Requirement(Named from, Named to, String where) {
  /** A migration of an app. Equal to another of the same app and label. */
  public record Named(String app, String label, Migration migration) {
    /** Its file, or its label where there is none. */
    public String file() {
      MigrationScript script = migration.script();
      return script == null ? label : script.file().toString();
    }

    /** {@code V3}, or {@code users:V3} seen from another app. */
    public String seenFrom(String other) {
      return app.equals(other) ? label : app + ":" + label;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Named named && named.app.equals(app) && named.label.equals(label);
    }

    @Override
    public int hashCode() {
      return Objects.hash(app, label);
    }
  }

  /** Whether Flyway, which goes by versions, can never apply them in this order. */
  boolean isBackwards() {
    MigrationVersion own = from.migration().version();
    MigrationVersion needed = to.migration().version();
    if (!from.app().equals(to.app()) || own == null) {
      return false;
    }
    return needed == null || needed.compareTo(own) > 0;
  }
}
