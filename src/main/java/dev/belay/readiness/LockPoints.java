package dev.belay.readiness;

import dev.belay.core.Units;
import dev.belay.process.ShellWords;
import dev.belay.readiness.ReadinessQueries.Since;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Locks that a way back would have to wait for. */
final class LockPoints {
  private static final int LOOKS = 4;
  private static final long PAUSE_MILLIS = 250;

  private LockPoints() {}

  static Point waits(Look look) {
    Duration most = look.limits().lockWait();
    List<Since> all = ReadinessQueries.waits(look.database());
    List<Since> old = all.stream().filter(each -> each.millis() > most.toMillis()).toList();
    String limit = "none for longer than " + Units.duration(most);
    return old.isEmpty()
        ? Point.passed(
            Topic.LOCK_WAITS, all.isEmpty() ? "nobody waits" : all.size() + ", all short", limit)
        : Point.failed(
            Topic.LOCK_WAITS,
            "%d, the longest for %s".formatted(old.size(), SessionPoints.duration(old.get(0))),
            limit,
            old.stream().map(SessionPoints::words).toList(),
            "wait, or end who stands in the way: " + ShellWords.psql(old.get(0).end()));
  }

  /** One that is held for a moment is waited out: only what is there at every look counts. */
  static Point strong(Look look) {
    Set<Since> lasting = new LinkedHashSet<>(ReadinessQueries.strongLocks(look.database()));
    for (int number = 1; !lasting.isEmpty() && number < LOOKS; number++) {
      pause();
      lasting.retainAll(Set.copyOf(ReadinessQueries.strongLocks(look.database())));
    }
    String limit =
        "none for longer than " + Units.duration(Duration.ofMillis(PAUSE_MILLIS * (LOOKS - 1)));
    return lasting.isEmpty()
        ? Point.passed(Topic.STRONG_LOCKS, "none", limit)
        : Point.failed(
            Topic.STRONG_LOCKS,
            Units.count(lasting.size(), "lock", "locks"),
            limit,
            lasting.stream().map(Since::who).toList(),
            SessionPoints.end(List.copyOf(lasting)));
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
