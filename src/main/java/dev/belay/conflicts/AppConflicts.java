package dev.belay.conflicts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.belay.flyway.Conflict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conflicts of one app.
 *
 * @param history the history table
 * @param conflicts what is left, the worst first
 * @param resolvable what can be resolved, or was to be; in the order of the rows
 * @param unchecked what could not be looked at, and why
 * @param report the report that was written; null where none was needed
 */
public record AppConflicts(
    String app,
    String history,
    List<Conflict> conflicts,
    List<RowChange> resolvable,
    List<String> unchecked,
    @Nullable String report) {
  public AppConflicts {
    conflicts = List.copyOf(conflicts);
    resolvable = List.copyOf(resolvable);
    unchecked = List.copyOf(unchecked);
  }

  /** How many of them are more than notices. */
  @JsonIgnore
  long serious() {
    return conflicts.stream().filter(each -> each.effect() != Conflict.Effect.NOTICE).count();
  }

  AppConflicts withReport(@Nullable String file) {
    return new AppConflicts(app, history, conflicts, resolvable, unchecked, file);
  }
}
