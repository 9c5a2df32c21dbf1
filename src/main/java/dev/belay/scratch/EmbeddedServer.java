package dev.belay.scratch;

import dev.belay.core.Cleanup;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server of Belay's own, on a free port of the loopback interface. */
public final class EmbeddedServer implements AutoCloseable {
  /** On a busy machine it takes long to unpack; what is unpacked later would stay for ever. */
  private static final int LONGEST_SECONDS = 60;

  private static final int PAUSE_MILLIS = 50;

  private final int port;
  private final Cleanup.Pending stop;

  private EmbeddedServer(int port, Cleanup.Pending stop) {
    this.port = port;
    this.stop = stop;
  }

  /**
   * Starts it; it ends when it is closed or this program ends by a signal.
   *
   * @throws Failure UNAVAILABLE when it does not start
   */
  public static EmbeddedServer start(ServerPlace place) {
    AtomicReference<@Nullable EmbeddedPostgres> server = new AtomicReference<>(null);
    CountDownLatch made = new CountDownLatch(1);
    Thread starter = Thread.currentThread();
    Cleanup.Pending stop = Cleanup.register(() -> stop(server, made, starter));
    // Otherwise the library makes, and leaves, an empty folder beside ours.
    System.setProperty("ot.epg.working-dir", place.server().toString());
    try {
      EmbeddedPostgres started =
          EmbeddedPostgres.builder()
              .setRegisterShutdownHook(false)
              .setCleanDataDirectory(false)
              .setOverrideWorkingDirectory(place.server().toFile())
              .setDataDirectory(place.data())
              .setOutputRedirector(Redirect.appendTo(place.serverLog().toFile()))
              .setPGStartupWait(Duration.ofSeconds(60))
              .setLocaleConfig("locale", "C")
              // The library turns both off, as no server with real data ever should have them.
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("shared_buffers", "64MB")
              .setServerConfig("unix_socket_directories", "")
              .start();
      server.set(started);
      return new EmbeddedServer(started.getPort(), stop);
    } catch (IOException | IllegalStateException | UncheckedIOException cannot) {
      made.countDown();
      stop.close();
      throw Failure.unavailable(
              "the PostgreSQL that belay brings along does not start: " + cannot.getMessage(),
              "try it as an ordinary user: as root it needs 'unshare -U', which some containers forbid")
          .causedBy(cannot);
    } finally {
      made.countDown();
      // The one by the end of the program was for the library alone.
      if (Thread.interrupted() && !Cleanup.interrupted()) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A database of it. */
  public Target database(String name) {
    return new Target("localhost", port, name, "postgres", Optional.empty(), Tls.PREFER, 10);
  }

  /** Leaves it running when this program ends. */
  public void keep() {
    stop.cancel();
  }

  /** Stops it. */
  @Override
  public void close() {
    stop.close();
  }

  /** Interrupted while it is unpacked, made or started, that is over before anything is removed. */
  private static void stop(
      AtomicReference<@Nullable EmbeddedPostgres> server, CountDownLatch made, Thread starter) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    try {
      while (Cleanup.interrupted()
          && !made.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)
          && System.nanoTime() < deadline) {
        endChildren();
        // The library would wait for a minute for a server that was ended as it began.
        starter.interrupt();
      }
    } catch (InterruptedException again) {
      Thread.currentThread().interrupt();
    }
    EmbeddedPostgres started = server.get();
    if (started != null) {
      try {
        started.close();
      } catch (IOException stays) {
        // Removing the folder ends it by force.
      }
    } else if (Cleanup.interrupted()) {
      endChildren();
    }
  }

  private static void endChildren() {
    ProcessHandle.current()
        .descendants()
        .forEach(
            child -> {
              child.destroy();
              ServerPlace.ends(child);
            });
  }
}
