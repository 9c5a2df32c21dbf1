package dev.belay.batch;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import java.util.Optional;

/** Whether a role can see what batches are to wait for. */
public final class ThrottleSight {
  private ThrottleSight() {}

  /**
   * Looks before anything is changed.
   *
   * @return what is not noticed, for people; empty: everything is
   * @throws Failure UNAVAILABLE when something that was asked for cannot be seen; USAGE when the
   *     operator's query cannot be run
   */
  public static Optional<String> check(Database session, ThrottleLimits limits) {
    limits.query().ifPresent(query -> Throttle.tried(session, query));
    if (ThrottleQueries.seesOthers(session)) {
      return Optional.empty();
    }
    String option =
        limits.lag().isPresent() ? "--max-lag" : limits.active().isPresent() ? "--max-active" : "";
    if (!option.isEmpty()) {
      throw Failure.unavailable(
          "%s cannot be kept: the role '%s' sees nothing of other users' sessions"
              .formatted(option, session.text("select current_user::text")),
          "as a superuser: grant pg_read_all_stats to that role; or leave %s away"
              .formatted(option));
    }
    return Optional.of(
        "this role sees nothing of other users' sessions, so old transactions of theirs, which make VACUUM useless, are not noticed; grant it pg_read_all_stats");
  }
}
