package dev.belay.points;

import dev.belay.core.Failure;
import dev.belay.diff.Policy;
import java.util.Locale;

/** How data is brought back to a point. */
public enum ExecutionType {
  /** The tables become exactly as at the point. */
  FULL(Policy.EXACT),
  /** Rows that were added since are removed; what was changed or removed since stays so. */
  PARTIAL(Policy.REMOVE_ADDED),
  /** The tables become as the data file says, whether there is a record or not. */
  BACKUP(Policy.EXACT);

  private final Policy policy;

  ExecutionType(Policy policy) {
    this.policy = policy;
  }

  Policy policy() {
    return policy;
  }

  /** As it is written on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The type of that name.
   *
   * @throws Failure USAGE when there is none; REFUSED for {@code transaction}, which only a program
   *     that has the transaction open can ask for
   */
  static ExecutionType of(String word) {
    for (ExecutionType type : values()) {
      if (type.word().equals(word)) {
        return type;
      }
    }
    if (word.equals("transaction")) {
      throw Failure.refused(
          "--type transaction takes back what is not committed yet, and only the program that has the"
              + " transaction open can do that: a MigrationTransaction does so by itself",
          "to take back what was committed: --type full");
    }
    throw Failure.usage("--type is '" + word + "'", "use full, partial or backup");
  }
}
