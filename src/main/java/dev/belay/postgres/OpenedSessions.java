package dev.belay.postgres;

import dev.belay.core.Target;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many sessions this process has opened so far, whoever in it did: to tell them from those of
 * strangers in the server's own count.
 */
public final class OpenedSessions {
  private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();

  private OpenedSessions() {}

  /** How many with that database. */
  public static long with(Target target) {
    LongAdder count = COUNTS.get(key(target));
    return count == null ? 0 : count.sum();
  }

  static void opened(Target target) {
    COUNTS.computeIfAbsent(key(target), first -> new LongAdder()).increment();
  }

  private static String key(Target target) {
    return target.host() + ":" + target.port() + "/" + target.database();
  }
}
