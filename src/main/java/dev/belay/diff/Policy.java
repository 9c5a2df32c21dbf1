package dev.belay.diff;

import dev.belay.core.Failure;

/** What a merge does with the rows that differ. */
public enum Policy {
  /** Rows that the target lacks are added; nothing else is touched. */
  ADD_MISSING("add-missing"),
  /** Rows that the target lacks are added, those that differ become as in the source. */
  OVERWRITE("overwrite"),
  /** The target becomes as the source: rows that only the target has are removed, too. */
  EXACT("exact"),
  /** What only the source changed since the common ancestor is taken over. */
  THREE_WAY("three-way"),
  /** Rows that only the target has are removed; nothing else is touched. */
  REMOVE_ADDED("remove-added");

  private final String word;

  Policy(String word) {
    this.word = word;
  }

  /** As it is written on the command line. */
  public String word() {
    return word;
  }

  /**
   * The policy of that name.
   *
   * @throws Failure USAGE when there is none
   */
  public static Policy of(String word) {
    for (Policy policy : values()) {
      // That one is chosen by a command, and not by a word of its own.
      if (policy != REMOVE_ADDED && policy.word.equals(word)) {
        return policy;
      }
    }
    throw Failure.usage(
        "'" + word + "' is no policy", "use add-missing, overwrite, exact or three-way");
  }

  /**
   * What becomes of a row.
   *
   * @param removals whether {@link #THREE_WAY} removes what the source removed
   */
  public Decision decide(Difference difference, boolean removals) {
    return switch (this) {
      case ADD_MISSING ->
          switch (difference.kind()) {
            case MISSING -> added(difference);
            // Both gave the key to a row of their own: the source's is missing, and cannot be
            // added.
            case CHANGED ->
                difference.base() == Difference.Base.ABSENT ? Decision.CONFLICT : Decision.LEAVE;
            case EXTRA -> Decision.LEAVE;
          };
      case OVERWRITE ->
          switch (difference.kind()) {
            case MISSING -> added(difference);
            case CHANGED -> Decision.CHANGE;
            case EXTRA -> Decision.LEAVE;
          };
      case EXACT ->
          switch (difference.kind()) {
            case MISSING -> Decision.ADD;
            case CHANGED -> Decision.CHANGE;
            case EXTRA -> Decision.REMOVE;
          };
      case THREE_WAY -> threeWay(difference, removals);
      case REMOVE_ADDED ->
          difference.kind() == Difference.Kind.EXTRA ? Decision.REMOVE : Decision.LEAVE;
    };
  }

  /**
   * One that the ancestor had was removed from the target on purpose; the source may have changed
   * it since.
   */
  private static Decision added(Difference difference) {
    return switch (difference.base()) {
      case UNKNOWN, ABSENT -> Decision.ADD;
      case OTHER -> Decision.CONFLICT;
      default -> Decision.LEAVE;
    };
  }

  private static Decision threeWay(Difference difference, boolean removals) {
    return switch (difference.kind()) {
      case MISSING ->
          switch (difference.base()) {
            case UNKNOWN, ABSENT -> Decision.ADD;
            case LIKE_SOURCE -> Decision.LEAVE;
            default -> Decision.CONFLICT;
          };
      case CHANGED ->
          switch (difference.base()) {
            case LIKE_TARGET -> Decision.CHANGE;
            case LIKE_SOURCE -> Decision.LEAVE;
            default -> Decision.CONFLICT;
          };
      case EXTRA ->
          switch (difference.base()) {
            case UNKNOWN, ABSENT -> Decision.LEAVE;
            case LIKE_TARGET -> removals ? Decision.REMOVE : Decision.LEAVE;
            default -> Decision.CONFLICT;
          };
    };
  }
}
