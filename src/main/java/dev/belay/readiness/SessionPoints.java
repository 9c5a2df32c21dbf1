package dev.belay.readiness;

import dev.belay.core.Identifier;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.process.ShellWords;
import dev.belay.readiness.ReadinessQueries.Since;
import java.time.Duration;
import java.util.List;

/** Transactions that are open: a way back would wait for them, or cannot be gone at all. */
final class SessionPoints {
  private static final double MILLIS = 1000.0;

  /** An application that commits in two phases always has young ones. */
  private static final Duration YOUNG = Duration.ofSeconds(5);

  private SessionPoints() {}

  static Point longTransactions(Look look) {
    Duration limit = look.limits().longTransaction();
    return open(
        Topic.LONG_TRANSACTIONS,
        look.database(),
        limit,
        ReadinessQueries.longTransactions(look.database(), limit.toMillis() / MILLIS));
  }

  static Point idleInTransaction(Look look) {
    Duration limit = look.limits().idleInTransaction();
    return open(
        Topic.IDLE_IN_TRANSACTION,
        look.database(),
        limit,
        ReadinessQueries.idleInTransaction(look.database(), limit.toMillis() / MILLIS));
  }

  private static Point open(Topic topic, Database database, Duration most, List<Since> found) {
    String limit = "none for longer than " + Units.duration(most);
    if (!found.isEmpty()) {
      return Point.failed(
          topic,
          "%d, the longest for %s".formatted(found.size(), duration(found.get(0))),
          limit,
          found.stream().map(SessionPoints::words).toList(),
          end(found));
    }
    long hidden = ReadinessQueries.hidden(database);
    return hidden == 0
        ? Point.passed(topic, "none", limit)
        : Point.notChecked(
            topic,
            Units.count(hidden, "session of another role is", "sessions of other roles are")
                + " hidden from this role",
            "grant pg_read_all_stats to " + new Identifier(database.target().user()));
  }

  /** The database of one cannot be renamed, and its locks outlive every session. */
  static Point preparedTransactions(Look look) {
    List<Since> all = ReadinessQueries.prepared(look.database());
    List<Since> old = all.stream().filter(each -> each.millis() > YOUNG.toMillis()).toList();
    String limit = "none for longer than " + Units.duration(YOUNG);
    return old.isEmpty()
        ? Point.passed(
            Topic.PREPARED_TRANSACTIONS, all.isEmpty() ? "none" : all.size() + ", all young", limit)
        : Point.failed(
            Topic.PREPARED_TRANSACTIONS,
            "%d, the oldest for %s".formatted(old.size(), duration(old.get(0))),
            limit,
            old.stream().map(SessionPoints::words).toList(),
            "commit it, or: " + ShellWords.psql(old.get(0).end()));
  }

  /** Of many only the first: an operator ends sessions one by one. */
  static String end(List<Since> found) {
    return "wait, or end the first of them: " + ShellWords.psql(found.get(0).end());
  }

  static String words(Since since) {
    return "%s: %s, %s".formatted(since.who(), duration(since), since.doing());
  }

  static String duration(Since since) {
    return Units.duration(Duration.ofMillis(since.millis()));
  }
}
