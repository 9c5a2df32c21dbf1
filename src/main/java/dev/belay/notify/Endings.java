package dev.belay.notify;

import dev.belay.cli.Announcement;
import dev.belay.cli.ChangeOptions;
import dev.belay.cli.Facts;
import dev.belay.cli.Outcome;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Severity;
import dev.belay.core.Units;
import dev.belay.report.Remark;
import dev.belay.report.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes an event of what an operation announces, and of how it ended where people are told. */
final class Endings {
  /** They only look, or write what they are asked for on the spot. */
  private static final Set<String> LOOKING =
      Set.of(
          "audit",
          "batch status",
          "check-dependencies",
          "check-migrations",
          "config",
          "create-trigger",
          "generate-completion",
          "help",
          "incident-bundle",
          "list-backups",
          "list-migrations",
          "list-replaced",
          "monitor",
          "readiness",
          "report",
          "rollback-point list",
          "rollback-point show",
          "validate-backup",
          "validate-schema",
          "verify-integrity",
          "verify-state",
          "watch");

  /** Those of them whose findings concern people who are not there. */
  private static final Set<String> TOLD_WHEN_BAD =
      Set.of("verify-integrity", "readiness", "validate-backup");

  /** What the fact {@code state} says after a good end that changed the database. */
  static final String CHANGED = "the database was changed as asked";

  private static final Set<String> BRINGING_BACK =
      Set.of(
          "rollback-migration",
          "gradual-rollback",
          "backup-restore",
          "emergency-rollback",
          "undo-restore",
          "rollback-point execute");

  private static final Set<String> NEVER = Set.of("send-notification");
  private static final String RECOVERY = "emergency-recovery";

  private Endings() {}

  /** The event of what is announced on the way. */
  static Event of(Facts facts, Announcement announcement) {
    return Event.of(
        announcement.type(),
        announcement.severity(),
        announcement.title(),
        List.of(),
        announcement.facts(),
        Source.of(facts),
        facts.run().text()
            + ":"
            + Event.word(announcement.type())
            + ":"
            + Event.word(announcement.severity())
            + ":"
            + Integer.toHexString(announcement.title().hashCode()));
  }

  /**
   * The event of an end; empty where nobody is told of it.
   *
   * @param patterns names of the commands whose ends are told, with {@code *} for any letters;
   *     empty: the usual ones
   */
  static Optional<Event> of(Facts facts, Outcome outcome, List<String> patterns) {
    if (!isTold(facts, outcome, patterns)) {
      return Optional.empty();
    }
    ExitCode code = outcome.exitCode();
    return Optional.of(
        Event.of(
            type(facts.command(), code),
            severity(code),
            title(facts, outcome),
            details(outcome),
            said(outcome),
            Source.of(facts),
            facts.run().text() + ":ended"));
  }

  private static boolean isTold(Facts facts, Outcome outcome, List<String> patterns) {
    String command = facts.command();
    ExitCode code = outcome.exitCode();
    boolean mistyped = code == ExitCode.USAGE && !outcome.begun();
    if (NEVER.contains(command) || mistyped || isDeclined(outcome)) {
      return false;
    }
    boolean dry = (" " + facts.arguments() + " ").contains(" --dry-run ");
    boolean onlyPlanned = dry || (code == ExitCode.OK && !LOOKING.contains(command));
    if (!outcome.begun() && onlyPlanned) {
      return false;
    }
    if (!patterns.isEmpty()) {
      return patterns.stream().anyMatch(pattern -> matches(pattern, command));
    }
    if (LOOKING.contains(command)) {
      return TOLD_WHEN_BAD.contains(command) && code != ExitCode.OK;
    }
    return outcome.begun() || code != ExitCode.OK;
  }

  private static boolean isDeclined(Outcome outcome) {
    Failure failure = outcome.failure();
    return !outcome.begun()
        && failure != null
        && failure.message().equals(ChangeOptions.NOT_CONFIRMED);
  }

  private static boolean matches(String pattern, String command) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.strip().split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return command.matches(regex.toString());
  }

  static Announcement.Type type(String command, @Nullable ExitCode code) {
    if (command.equals(RECOVERY)) {
      return Announcement.Type.EMERGENCY_RECOVERY;
    }
    if (code == ExitCode.OK) {
      return BRINGING_BACK.contains(command)
          ? Announcement.Type.ROLLBACK_COMPLETED
          : Announcement.Type.OPERATION_COMPLETED;
    }
    if (command.equals("migrate") || command.equals("guard")) {
      return Announcement.Type.MIGRATION_FAILED;
    }
    return command.equals("verify-integrity") && code == ExitCode.FINDINGS
        ? Announcement.Type.DATA_INTEGRITY_ISSUE
        : Announcement.Type.OPERATION_FAILED;
  }

  /** A signal is as grave as a half-done change: nobody knows without looking. */
  static Severity severity(@Nullable ExitCode code) {
    if (code == null) {
      return Severity.CRITICAL;
    }
    return switch (code) {
      case OK -> Severity.INFO;
      case USAGE, FINDINGS, REFUSED -> Severity.WARNING;
      case UNEXPECTED, UNAVAILABLE, FAILED -> Severity.ERROR;
      case INCOMPLETE -> Severity.CRITICAL;
    };
  }

  private static String title(Facts facts, Outcome outcome) {
    String what =
        facts.settings().reached() == null
            ? facts.command()
            : facts.command() + " of " + facts.database();
    Failure failure = outcome.failure();
    if (failure != null) {
      return (outcome.exitCode() == ExitCode.REFUSED ? what + " was refused: " : what + " failed: ")
          + failure.message();
    }
    ExitCode code = outcome.exitCode();
    if (code == null) {
      return what + " was ended by a signal";
    }
    return switch (code) {
      case OK -> what + " is done";
      case FINDINGS -> what + " found something";
      case REFUSED -> what + " was refused";
      case UNAVAILABLE -> what + " could not be done in full";
      case USAGE, UNEXPECTED, FAILED -> what + " failed";
      case INCOMPLETE -> what + " is done in part";
    };
  }

  private static List<String> details(Outcome outcome) {
    List<String> details = new ArrayList<>();
    Report report = outcome.report();
    if (report != null && outcome.exitCode() != ExitCode.OK) {
      details.addAll(outcome.lines());
    }
    outcome.remarks().stream().map(Remark::line).forEach(details::add);
    return details;
  }

  private static Map<String, String> said(Outcome outcome) {
    Map<String, String> said = new LinkedHashMap<>();
    ExitCode code = outcome.exitCode();
    said.put(
        "outcome",
        code == null ? "ended by a signal" : code + " (exit status " + code.status() + ")");
    said.put("state", state(outcome));
    if (outcome.failure() != null) {
      said.put("next", outcome.failure().hint());
    } else if (code == null) {
      said.put("next", Cleanup.next());
    }
    said.put("duration", Units.duration(outcome.duration()));
    return said;
  }

  private static String state(Outcome outcome) {
    if (outcome.failure() != null) {
      return outcome.failure().state();
    }
    ExitCode code = outcome.exitCode();
    Boolean changed = outcome.databaseChanged();
    if (code == null || changed == null) {
      return "look at the database; a change that had begun is in the journal";
    }
    if (code == ExitCode.INCOMPLETE) {
      return "the change was made in part, look at the database";
    }
    return changed ? CHANGED : Failure.UNCHANGED;
  }
}
