package dev.belay.hooks;

import dev.belay.cli.Facts;
import dev.belay.cli.Outcome;
import dev.belay.config.Masking;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.report.Json;
import dev.belay.report.Report;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a hook finds in its environment. Never a password. */
final class HookFacts {
  /** All names begin with that; a belay that a hook calls passes them over. */
  static final String PREFIX = "BELAY_HOOK_";

  /** Its presence says that one is inside a hook. */
  static final String NAME = PREFIX + "NAME";

  private HookFacts() {}

  /** Of an operation that has not begun. */
  static Map<String, String> of(Facts facts, Hook hook) {
    Map<String, String> all = new TreeMap<>();
    all.put(NAME, hook.name());
    all.put(PREFIX + "EVENT", hook.event().word());
    all.put(PREFIX + "RUN", facts.run().text());
    all.put(PREFIX + "COMMAND", facts.command());
    all.put(PREFIX + "ARGUMENTS", facts.arguments());
    all.put(PREFIX + "STARTED_AT", facts.startedAt().toString());
    all.put(PREFIX + "ENVIRONMENT", facts.settings().environment());
    all.put(PREFIX + "LOG", facts.settings().logFile().toString());
    Target target = facts.settings().reached();
    if (target != null) {
      all.put(PREFIX + "DATABASE", target.database());
      all.put(PREFIX + "HOST", target.host());
      all.put(PREFIX + "PORT", String.valueOf(target.port()));
      all.put(PREFIX + "USER", target.user());
    }
    return withoutNul(all);
  }

  /** Of one that ended. */
  static Map<String, String> of(Facts facts, Hook hook, Outcome outcome) {
    Map<String, String> all = of(facts, hook);
    ExitCode code = outcome.exitCode();
    Boolean changed = outcome.databaseChanged();
    all.put(PREFIX + "OUTCOME", code == null ? "signal" : code.name().toLowerCase(Locale.ROOT));
    all.put(PREFIX + "EXIT_STATUS", code == null ? "" : String.valueOf(code.status()));
    all.put(PREFIX + "DATABASE_CHANGED", changed == null ? "unknown" : changed.toString());
    all.put(PREFIX + "DURATION_MILLIS", String.valueOf(outcome.duration().toMillis()));
    Failure failure = outcome.failure();
    if (failure != null) {
      all.put(PREFIX + "MESSAGE", Masking.text(failure.message()));
      all.put(PREFIX + "STATE", Masking.text(failure.state()));
      all.put(PREFIX + "HINT", Masking.text(failure.hint()));
    }
    backup(facts, outcome.report()).ifPresent(id -> all.put(PREFIX + "BACKUP", id));
    return withoutNul(all);
  }

  /** What the answer calls its backup: one that was made, or that was restored. */
  private static Optional<String> backup(Facts facts, @Nullable Report report) {
    if (report == null) {
      return Optional.empty();
    }
    try {
      JsonNode answer = Json.MAPPER.valueToTree(report);
      JsonNode backup =
          facts.command().equals("create-backup") ? answer.path("id") : answer.path("backup");
      String id = (backup.isObject() ? backup.path("id") : backup).asString("");
      return id.isEmpty() ? Optional.empty() : Optional.of(id);
    } catch (JacksonException unreadable) {
      return Optional.empty();
    }
  }

  /** No process can be given one. */
  private static Map<String, String> withoutNul(Map<String, String> all) {
    all.replaceAll((name, value) -> value.replace("\0", ""));
    return all;
  }
}
