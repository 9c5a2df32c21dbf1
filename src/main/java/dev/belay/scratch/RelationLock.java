package dev.belay.scratch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Comparator;
import java.util.List;

/**
 * The locks that a migration held on a relation that was there before.
 *
 * @param relation the relation
 * @param modes all modes, the weakest first; at least one
 */
public record RelationLock(RecordedObject relation, List<LockMode> modes) {
  public RelationLock {
    modes = modes.stream().sorted(Comparator.naturalOrder()).toList();
  }

  /** The strongest of them. */
  @JsonIgnore
  public LockMode strongest() {
    return modes.get(modes.size() - 1);
  }

  /** Whether rows were read or written, and not only the definition changed. */
  @JsonIgnore
  public boolean usesRows() {
    return modes.stream().anyMatch(LockMode::isOfRows);
  }
}
