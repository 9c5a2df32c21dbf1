package dev.belay.recovery;

import dev.belay.core.Failure;
import dev.belay.journal.RunSessions;
import dev.belay.postgres.Database;
import dev.belay.postgres.OpenedSessions;
import dev.belay.recovery.RecoveryQueries.Count;
import dev.belay.recovery.RecoveryQueries.Session;
import dev.belay.swap.GuardedRun;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Watches, while a migration runs, whether somebody else could write to the database. A session is
 * the migration's own by its application name, or by the process of this machine that holds the
 * other end of its connection; every other one is a stranger's, whatever it does. What comes and
 * goes between two looks is found by the server's own count of sessions.
 */
public final class SessionWatch implements AutoCloseable {
  private static final long PAUSE_MILLIS = 100;

  /** A short script is over before the usual pause is, so there is none that long at first. */
  private static final long FIRST_PAUSE_MILLIS = 5;

  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int SHOWN = 5;

  private final GuardedRun run;
  private final Set<String> names;
  private final Clients clients;
  private final Database session;
  private final Optional<Count> before;
  private final long openedBefore;
  private final Set<String> here = new HashSet<>();
  private final Set<String> migrations = new HashSet<>();
  private final Map<String, Session> own = new LinkedHashMap<>();
  private final Map<String, Session> strangers = new LinkedHashMap<>();
  private final Thread looking;
  private final List<String> working = new ArrayList<>();
  private long attentiveSince = System.nanoTime();
  private boolean over;
  private @Nullable String broken;

  /** Which connections are the migration's. */
  public interface Clients {
    /** Whether the one from that address and port is, as the server sees them. */
    boolean isOwn(String address, int port);
  }

  private SessionWatch(GuardedRun run, Set<String> names, Clients clients, Database session) {
    this.run = run;
    this.names = Set.copyOf(names);
    this.clients = clients;
    this.session = session;
    this.before = RecoveryQueries.sessionsSoFar(session);
    this.openedBefore = OpenedSessions.with(run.target());
    RecoveryQueries.sessions(session).forEach(each -> here.add(key(each)));
    look();
    this.looking = new Thread(this::lookAgainAndAgain, "session-watch");
    looking.setDaemon(true);
  }

  /**
   * Begins to watch, with a session of its own.
   *
   * @param names the application names of the migration's sessions, besides those of this run
   */
  public static SessionWatch begin(GuardedRun run, Set<String> names) {
    return begin(run, names, (address, port) -> false);
  }

  /**
   * The same for a program of this machine.
   *
   * @param clients tells which connections are the migration's
   */
  public static SessionWatch begin(GuardedRun run, Set<String> names, Clients clients) {
    Database session = run.databases().open(run.target());
    try {
      SessionWatch watch = new SessionWatch(run, names, clients, session);
      watch.looking.start();
      return watch;
    } catch (Throwable broken) {
      session.close();
      throw broken;
    }
  }

  private void lookAgainAndAgain() {
    while (true) {
      synchronized (this) {
        try {
          boolean first = System.nanoTime() - attentiveSince < FIRST_NANOS;
          wait(first ? FIRST_PAUSE_MILLIS : PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
          return;
        }
        if (over) {
          return;
        }
        try {
          look();
        } catch (Failure gone) {
          broken = gone.message();
          return;
        }
      }
    }
  }

  /** The migration begins now: for a while it is looked more often. */
  public synchronized void attentive() {
    attentiveSince = System.nanoTime();
    notifyAll();
  }

  private synchronized List<Session> look() {
    List<Session> now = RecoveryQueries.sessions(session);
    for (Session each : now) {
      String key = key(each);
      if (!own.containsKey(key) && !strangers.containsKey(key)) {
        sort(key, each);
      }
    }
    return now;
  }

  private void sort(String key, Session each) {
    String name = RunSessions.name(run.run());
    boolean migration =
        names.contains(each.application())
            || (each.port() > 0 && clients.isOwn(each.address(), each.port()));
    if (migration) {
      migrations.add(key);
    }
    boolean ours = each.application().equals(name) || each.application().startsWith(name + ":");
    (migration || ours ? own : strangers).put(key, each);
  }

  private static String key(Session each) {
    return each.pid() + " " + each.began();
  }

  /** Whether a session of the migration itself was seen at all. */
  public synchronized boolean sawMigration() {
    return !migrations.isEmpty();
  }

  /**
   * Waits until the migration's sessions are gone, since a server goes on with what a dead client
   * asked for, and ends those that stay. Sessions of which nobody knows whose they are, since they
   * come through a pooler or from another machine, are waited for until the transaction is over
   * that they have open now.
   *
   * @return what was ended, in words
   */
  public List<String> awaitEnd() {
    List<String> ended = new ArrayList<>();
    try {
      long deadline = System.nanoTime() + GRACE_NANOS;
      Set<String> open = new HashSet<>();
      unknownAtWork().forEach(each -> open.add(transaction(each)));
      while (!left().isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      for (Session each : left()) {
        if (RecoveryQueries.end(session, each)) {
          ended.add(each.words());
        }
      }
      deadline = System.nanoTime() + GRACE_NANOS;
      while (!left().isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      deadline = System.nanoTime() + GRACE_NANOS;
      while (!stillOpen(open).isEmpty() && System.nanoTime() < deadline) {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      List<Session> staying = new ArrayList<>(left());
      staying.addAll(stillOpen(open));
      synchronized (this) {
        staying.forEach(each -> working.add(each.words()));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Failure gone) {
      synchronized (this) {
        broken = gone.message();
      }
    }
    return ended;
  }

  /** The migration's sessions that are there still; not those of this program. */
  private synchronized List<Session> left() {
    return look().stream().filter(each -> migrations.contains(key(each))).toList();
  }

  /** Those that came since the watch began, are nobody's for certain, and are in a transaction. */
  private synchronized List<Session> unknownAtWork() {
    return look().stream()
        .filter(each -> strangers.containsKey(key(each)) && !here.contains(key(each)))
        .filter(each -> !each.transaction().isEmpty())
        .toList();
  }

  private List<Session> stillOpen(Set<String> transactions) {
    return transactions.isEmpty()
        ? List.of()
        : unknownAtWork().stream()
            .filter(each -> transactions.contains(transaction(each)))
            .toList();
  }

  private static String transaction(Session each) {
    return key(each) + " " + each.transaction();
  }

  /** What was seen; to be asked when the migration has ended. */
  public synchronized Evidence evidence() {
    over = true;
    notifyAll();
    List<String> reasons = new ArrayList<>();
    if (broken != null) {
      reasons.add("the sessions could not be watched to the end: " + broken);
      return new Evidence(false, reasons, working);
    }
    try {
      List<Session> now = look();
      strangers.values().stream()
          .limit(SHOWN)
          .forEach(each -> reasons.add("there was a session of somebody else: " + each.words()));
      if (strangers.size() > SHOWN) {
        reasons.add("%d more sessions of others".formatted(strangers.size() - SHOWN));
      }
      RecoveryQueries.prepared(session)
          .forEach(each -> reasons.add("there is a prepared transaction: " + each));
      unseen(now).ifPresent(reasons::add);
    } catch (Failure gone) {
      reasons.add("the sessions could not be counted: " + gone.message());
    }
    return new Evidence(reasons.isEmpty(), reasons, working);
  }

  /** Only those that are gone are counted for certain, so only they explain the count. */
  private Optional<String> unseen(List<Session> now) {
    Optional<Count> after = RecoveryQueries.sessionsSoFar(session);
    if (before.isEmpty() || after.isEmpty()) {
      return Optional.of("a server before PostgreSQL 15 does not say how many sessions there were");
    }
    if (!before.get().reset().equals(after.get().reset())) {
      return Optional.of("the server's statistics were reset meanwhile");
    }
    Set<String> still = new HashSet<>();
    now.forEach(each -> still.add(key(each)));
    // Many of this program's own are over too soon to be seen, but it knows how many there were.
    long opened = OpenedSessions.with(run.target()) - openedBefore;
    long known = opened;
    for (Map.Entry<String, Session> each : own.entrySet()) {
      boolean gone = !still.contains(each.getKey());
      if (!here.contains(each.getKey()) && ofThisProcess(each.getValue()) != gone) {
        known += gone ? 1 : -1;
      }
    }
    long rise = after.get().sessions() - before.get().sessions();
    return rise > known
        ? Optional.of("%d sessions came and went unseen".formatted(rise - known))
        : Optional.empty();
  }

  /** Flyway's are, where it runs within this program; those of pg_dump are not. */
  private boolean ofThisProcess(Session each) {
    String name = RunSessions.name(run.run());
    return each.application().equals(name) || each.application().equals(name + ":flyway");
  }

  @Override
  public void close() {
    synchronized (this) {
      over = true;
      notifyAll();
    }
    looking.interrupt();
    session.close();
  }
}
