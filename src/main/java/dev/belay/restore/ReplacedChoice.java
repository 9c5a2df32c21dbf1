package dev.belay.restore;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.swap.Replaced;
import java.util.List;
import java.util.Optional;

/** Finds the replaced database that the operator means; only those of the target count. */
final class ReplacedChoice {
  private static final String HINT = "see which there are with: belay list-replaced";

  private ReplacedChoice() {}

  /** Those of the target, newest first. */
  static List<Replaced> all(Database session, String live) {
    return Replaced.list(session).stream().filter(kept -> kept.of().equals(live)).toList();
  }

  /**
   * The one of that name, or the newest of the same owner: others may have made up theirs.
   *
   * @throws Failure REFUSED when there is none, or it was another database
   */
  static Replaced one(Database session, String live, Optional<String> name) {
    List<Replaced> all = Replaced.list(session);
    if (name.isEmpty()) {
      return all.stream()
          .filter(kept -> kept.of().equals(live))
          .filter(kept -> kept.isOfTheSameOwner(session))
          .findFirst()
          .orElseThrow(() -> Failure.refused("no replaced database of " + live + " is kept", HINT));
    }
    Replaced found =
        all.stream()
            .filter(kept -> kept.name().equals(name.get()))
            .findFirst()
            .orElseThrow(
                () ->
                    Failure.refused(name.get() + " is not a replaced database that is kept", HINT));
    if (!found.of().equals(live)) {
      throw Failure.refused(
          "%s was %s, and the target is %s".formatted(found.name(), found.of(), live),
          "name the right target with --url");
    }
    return found;
  }
}
