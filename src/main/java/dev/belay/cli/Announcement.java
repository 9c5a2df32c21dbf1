package dev.belay.cli;

import dev.belay.core.Severity;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that people should be told of, if the configuration says so.
 *
 * @param title one line, such as {@code 3 of 7 batches are done}
 * @param facts what else is known, by name, in the order in which it is to be told; no secrets
 */
public record Announcement(Type type, Severity severity, String title, Map<String, String> facts) {
  /** The fact of what is still breached when one limit is kept again; of none {@link #NOTHING}. */
  public static final String STILL_BREACHED = "still breached";

  public static final String NOTHING = "nothing";

  public Announcement {
    facts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** What kind of thing happened; channels choose by it. */
  public enum Type {
    MIGRATION_FAILED,
    ROLLBACK_COMPLETED,
    DATA_INTEGRITY_ISSUE,
    GRADUAL_ROLLBACK_PROGRESS,
    EMERGENCY_RECOVERY,
    /** A measured value is beyond its limit, or is again within it. */
    THRESHOLD_BREACHED,
    OPERATION_COMPLETED,
    OPERATION_FAILED,
    TEST
  }
}
