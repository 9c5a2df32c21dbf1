package dev.belay.monitor;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.SessionThread;
import dev.belay.postgres.SqlState;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a database again and again, in a session and a thread of its own. It survives a server
 * that restarts, and one that does not answer: then it says so and connects again later. For one
 * caller at a time; its methods do not throw.
 */
public final class DatabaseEye implements AutoCloseable {
  private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(3);
  private static final Duration STUCK = Duration.ofSeconds(6);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private static final Set<String> SELF = Set.of("localhost", "127.0.0.1", "::1");

  /**
   * One look.
   *
   * @param figures null: nothing was seen
   * @param gap why nothing was seen; null when something was
   */
  public record Look(@Nullable DatabaseFigures figures, @Nullable String gap) {}

  private final Databases databases;
  private final Target target;
  private final String name;
  private final SessionThread thread = new SessionThread("monitor-database");
  private final List<String> notes = new ArrayList<>();
  private volatile @Nullable Path dataDirectory;
  private volatile boolean here;
  private volatile boolean known;
  private String statement = "";
  private Duration pause = Duration.ZERO;
  private long nextTryNanos = System.nanoTime();
  private String trouble = "";
  private @Nullable Future<Look> asked;
  private long askedNanos;

  /**
   * @param name what {@code pg_stat_activity} calls the session, at most 63 bytes of ASCII
   */
  public DatabaseEye(Databases databases, Target target, String name) {
    this.databases = databases;
    this.target = target;
    this.name = name;
    // Without asking for a name, which may take long: that is done by the thread.
    this.here = target.isUnixSocket() || SELF.contains(target.host());
  }

  /**
   * Looks.
   *
   * @param patience how long to wait for the answer
   */
  public Look look(Duration patience) {
    Future<Look> running = asked;
    if (running != null && !running.isDone()) {
      Duration since = Duration.ofNanos(System.nanoTime() - askedNanos);
      if (since.compareTo(STUCK) > 0) {
        thread.abort();
      }
      return new Look(null, "no answer for " + Units.duration(since));
    }
    if (thread.isClosed()) {
      return new Look(null, "the monitor is being ended");
    }
    Future<Look> fresh = thread.ask(this::ask);
    asked = fresh;
    askedNanos = System.nanoTime();
    try {
      return fresh.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException slow) {
      return new Look(null, "no answer within " + Units.duration(patience));
    } catch (ExecutionException broken) {
      return new Look(null, String.valueOf(broken.getCause()));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return new Look(null, "the monitor is being ended");
    }
  }

  /** Whether the server is on this machine, as far as can be told. */
  public boolean isHere() {
    return here;
  }

  /** Where the server's data is, when that is on this machine and this role may know it. */
  public Optional<Path> dataDirectory() {
    return here ? Optional.ofNullable(dataDirectory) : Optional.empty();
  }

  /** What this role does not see, and why. */
  public List<String> notes() {
    synchronized (notes) {
      return List.copyOf(notes);
    }
  }

  private Look ask() {
    Optional<Database> session = thread.session();
    if (session.isEmpty() && System.nanoTime() - nextTryNanos < 0) {
      return new Look(null, trouble);
    }
    try {
      Database open = session.isPresent() ? session.get() : open();
      DatabaseFigures figures = MonitorQueries.figures(open, statement);
      pause = Duration.ZERO;
      return new Look(figures, null);
    } catch (Failure failure) {
      if (!SqlState.QUERY_CANCELED.isOf(failure)) {
        later(failure.message());
      }
      return new Look(null, failure.message());
    } catch (RuntimeException broken) {
      later(String.valueOf(broken));
      return new Look(null, trouble);
    }
  }

  /** Begins anew after a pause, each longer than the one before. */
  private void later(String reason) {
    trouble = reason;
    thread.forget();
    pause = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    if (pause.compareTo(LONGEST_PAUSE) > 0) {
      pause = LONGEST_PAUSE;
    }
    nextTryNanos = System.nanoTime() + pause.toNanos();
  }

  private Database open() {
    Database opened = databases.open(target);
    thread.keep(opened);
    opened.execute(
        "select pg_catalog.set_config(s.name, s.value, false) from (values"
            + " ('application_name', ?), ('statement_timeout', ?), ('lock_timeout', ?),"
            + " ('default_transaction_read_only', 'on')) as s (name, value)",
        name,
        String.valueOf(STATEMENT_LIMIT.toMillis()),
        String.valueOf(STATEMENT_LIMIT.toMillis() / 2));
    MonitorQueries.Server server = MonitorQueries.server(opened);
    List<String> unseen = new ArrayList<>();
    if (!server.seesAll()) {
      unseen.add(
          ("the role %s does not see what sessions of others do: active sessions, the longest"
                  + " transaction and replication are only what it sees; grant pg_monitor to it")
              .formatted(server.role()));
    }
    statement = MonitorQueries.statement(opened, server.seesAll(), unseen);
    if (!known) {
      known = true;
      // A port of this machine may lead into a container or through a tunnel.
      here =
          (target.isUnixSocket() || isHere(target.host()))
              && (server.address() == null || isHere(server.address()));
      dataDirectory = server.dataDirectory() == null ? null : Path.of(server.dataDirectory());
    }
    synchronized (notes) {
      unseen.stream().filter(note -> !notes.contains(note)).forEach(notes::add);
    }
    return opened;
  }

  /** Whether that is an address of this machine. */
  private static boolean isHere(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (UnknownHostException | SocketException unknown) {
      return false;
    }
  }

  /** Ends the session; one that does not answer is left to itself. */
  @Override
  public void close() {
    thread.close();
  }
}
