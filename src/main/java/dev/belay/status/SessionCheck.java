package dev.belay.status;

import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.status.StateQueries.LongTransaction;
import java.time.Duration;
import java.util.List;

/** Transactions that have been open for so long that a migration or a way back would wait. */
final class SessionCheck implements StateCheck {
  private static final String NAME = "long-transactions";
  static final Duration LONG = Duration.ofMinutes(5);

  private final Duration atLeast;

  /**
   * @param atLeast for how long a transaction must have been open to be named
   */
  SessionCheck(Duration atLeast) {
    this.atLeast = atLeast;
  }

  @Override
  public List<String> names() {
    return List.of(NAME);
  }

  @Override
  public List<CheckResult> run(StateContext context) {
    Database database = context.database();
    List<LongTransaction> found = StateQueries.longTransactions(database, atLeast.toSeconds());
    if (!found.isEmpty()) {
      return List.of(
          CheckResult.warning(
              NAME,
              found.size() + " open for more than " + Units.duration(atLeast),
              found.stream().map(SessionCheck::words).toList(),
              "end them, or wait: they hold locks and keep vacuum from its work"));
    }
    long hidden = StateQueries.hiddenSessions(database);
    if (hidden > 0 && !StateQueries.server(database).seesAllSessions()) {
      return List.of(
          CheckResult.notChecked(
              NAME,
              Units.count(hidden, "session of another role is", "sessions of other roles are")
                  + " hidden from this role",
              "grant pg_read_all_stats to the role"));
    }
    return List.of(CheckResult.passed(NAME, "none for more than " + Units.duration(atLeast)));
  }

  private static String words(LongTransaction open) {
    return "%s: %s, %s"
        .formatted(open.who(), Units.duration(Duration.ofSeconds(open.seconds())), open.doing());
  }
}
