package dev.belay.flyway;

import dev.belay.config.AppSettings;
import dev.belay.flyway.Conflict.Effect;

/** What the next start of an application does with its migrations, by Flyway's settings. */
final class NextStart {
  private final boolean validates;
  private final boolean outOfOrder;
  private final boolean validatesNames;

  /** What it does, and how bad that is. */
  record Outcome(Effect effect, String words) {}

  NextStart(AppSettings app) {
    this.validates = !"false".equalsIgnoreCase(app.flyway().get("validateOnMigrate"));
    this.outOfOrder = "true".equalsIgnoreCase(app.flyway().get("outOfOrder"));
    this.validatesNames = "true".equalsIgnoreCase(app.flyway().get("validateMigrationNaming"));
  }

  boolean outOfOrder() {
    return outOfOrder;
  }

  boolean validates() {
    return validates;
  }

  /** Flyway's validation complains. */
  Outcome invalid(String complaint) {
    return validates
        ? new Outcome(
            Effect.START_FAILS,
            "an application with these scripts does not start: Flyway says '" + complaint + "'")
        : new Outcome(
            Effect.UNSAFE,
            "an application with these scripts starts, since validateOnMigrate is off; the"
                + " difference goes unnoticed");
  }

  /** Flyway stops before it looks at anything else. */
  Outcome broken(String complaint) {
    return new Outcome(
        Effect.START_FAILS,
        "an application with these scripts does not start: Flyway says '" + complaint + "'");
  }

  /** No Flyway can work with this history. */
  Outcome unreadable(String complaint) {
    return new Outcome(
        Effect.ALL_FAIL,
        "no application with Flyway OSS starts, whatever scripts it has; info, validate, migrate and"
            + " repair all fail: '"
            + complaint
            + "'");
  }

  Outcome badName() {
    return validatesNames
        ? broken("Invalid SQL filenames found")
        : notice("an application with these scripts starts; this file is never run");
  }

  static Outcome notice(String words) {
    return new Outcome(Effect.NOTICE, words);
  }

  static Outcome unsafe(String words) {
    return new Outcome(Effect.UNSAFE, words);
  }

  /** A start with all scripts, after a version was marked deleted though it was applied. */
  String withAllScripts(String label, boolean below) {
    if (!below || outOfOrder) {
      return "the next start with all scripts runs %s a second time, on a database that has all of it already"
          .formatted(label);
    }
    return validates
        ? ("the next start with all scripts fails: %s is there, below what was applied, and Flyway says"
                + " 'Detected resolved migration not applied to database'; with outOfOrder it would"
                + " run a second time")
            .formatted(label)
        : "the next start with all scripts passes over %s, and no new database is like this one"
            .formatted(label);
  }
}
