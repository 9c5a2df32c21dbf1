package dev.belay.chaos;

import dev.belay.core.Failure;
import dev.belay.postgres.Database;
import dev.belay.support.Programs;
import dev.belay.support.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What goes wrong meanwhile. */
enum Fault {
  NONE(0),
  KILLED(137),
  TERMINATED(143),
  INTERRUPTED(130),
  SESSIONS_ENDED(0),
  SERVER_CRASHED(0),
  CONNECTIONS_RESET(0),
  /** The server does what it is asked, and nobody hears of it. */
  ANSWERS_LOST(0),
  /** {@code kill -9} of pg_dump, pg_restore or psql. */
  CHILD_KILLED(0),
  /** The machine sleeps for a while. */
  PAUSED(0),
  /** Nobody else gets a connection. */
  CROWDED(0),
  /** The disk of the folder is full until all is over. */
  DISK_FULL(0),
  /** Somebody has read a table, and does not end his transaction for a while. */
  READER(0),
  /** Somebody has written to a table, likewise. */
  LOCKED(0),
  /** Somebody else gives the same command. */
  ANOTHER_BELAY(0);

  private static final long PAUSE_MILLIS = 2_500;
  private static final long IN_FLIGHT_MILLIS = 150;
  private static final long WHILE_MILLIS = 3_000;
  private static final long DYING_SECONDS = 60;

  private final int status;

  Fault(int status) {
    this.status = status;
  }

  /** The exit status of what a signal ended by this; 0: there is none. */
  int status() {
    return status;
  }

  /** Whether Belay is to reach the server through a proxy. */
  boolean isOfTheNetwork() {
    return this == CONNECTIONS_RESET || this == ANSWERS_LOST;
  }

  /**
   * What is struck.
   *
   * @param belay the process of it, or of the script that runs it
   * @param disk of Belay's folder; null: this is no fault of the disk
   * @param another runs the same command once more, to its end
   */
  record Scene(
      World world,
      Process belay,
      Proxy proxy,
      @Nullable SmallDisk disk,
      Moment moment,
      Runnable another) {

    /** Belay itself, whoever started it. */
    ProcessHandle itself() {
      return belay
          .descendants()
          .filter(each -> each.info().command().filter(name -> name.endsWith("/java")).isPresent())
          .findFirst()
          .orElse(belay.toHandle());
    }
  }

  /**
   * Strikes.
   *
   * @return false: Belay was done before
   */
  boolean strike(Scene scene) throws InterruptedException {
    Process belay = scene.belay();
    World world = scene.world();
    if (this == NONE) {
      while (scene.moment().await(belay)) {
        scene.moment().release();
        belay.waitFor();
      }
      return true;
    }
    if (!scene.moment().await(belay)) {
      return false;
    }
    switch (this) {
      case KILLED -> {
        // A script that outlived it would be another incident.
        ProcessHandle itself = scene.itself();
        belay.destroyForcibly();
        itself.destroyForcibly();
        // It is no child of the test where a script started it, whose end is awaited alone.
        itself.onExit().orTimeout(DYING_SECONDS, TimeUnit.SECONDS).join();
      }
      case TERMINATED -> belay.destroy();
      case INTERRUPTED -> signal("INT", belay.toHandle());
      case SESSIONS_ENDED -> world.endSessions();
      case SERVER_CRASHED -> world.crash();
      case CONNECTIONS_RESET -> scene.proxy().resetNow();
      case ANSWERS_LOST -> {
        scene.proxy().holdAnswers();
        scene.moment().release();
        belay.waitFor(IN_FLIGHT_MILLIS, TimeUnit.MILLISECONDS);
        scene.proxy().loseAnswers();
      }
      case CHILD_KILLED -> {
        scene.moment().release();
        return killedAChild(belay);
      }
      case PAUSED -> {
        ProcessHandle itself = scene.itself();
        signal("STOP", itself);
        belay.waitFor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        signal("CONT", itself);
      }
      case CROWDED -> crowd(scene);
      case DISK_FULL -> Objects.requireNonNull(scene.disk()).fill();
      case READER -> locked(scene, "access share");
      case LOCKED -> locked(scene, "row exclusive");
      case ANOTHER_BELAY -> scene.another().run();
      default -> throw new IllegalStateException(name());
    }
    scene.moment().release();
    return true;
  }

  private static void signal(String name, ProcessHandle process) {
    Programs.run("kill", "-" + name, String.valueOf(process.pid()));
  }

  /** The next that there is. */
  private static boolean killedAChild(Process belay) throws InterruptedException {
    do {
      List<ProcessHandle> children =
          belay
              .descendants()
              .filter(
                  child ->
                      child
                          .info()
                          .command()
                          .filter(name -> name.matches(".*/(pg_dump|pg_restore|psql)"))
                          .isPresent())
              .toList();
      if (!children.isEmpty()) {
        children.forEach(ProcessHandle::destroyForcibly);
        return true;
      }
    } while (!belay.waitFor(1, TimeUnit.MILLISECONDS));
    return false;
  }

  private static void crowd(Scene scene) throws InterruptedException {
    List<Database> crowd = new ArrayList<>();
    try {
      while (crowd.size() < 100) {
        crowd.add(scene.world().open(scene.world().live));
      }
    } catch (Failure full) {
      scene.moment().release();
      scene.belay().waitFor(WHILE_MILLIS, TimeUnit.MILLISECONDS);
    } finally {
      crowd.forEach(Fault::close);
    }
  }

  private static void close(Database session) {
    try {
      session.close();
    } catch (Failure thrownOut) {
      // A restore ends all sessions.
    }
  }

  private static void locked(Scene scene, String mode) throws InterruptedException {
    Optional<Database> other = session(scene);
    try {
      for (String table : World.TABLES) {
        other.ifPresent(
            session -> session.execute("lock table " + table + " in " + mode + " mode"));
      }
      scene.moment().release();
      if (other.isPresent()) {
        scene.belay().waitFor(WHILE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (Failure thrownOut) {
      // A restore ends all sessions.
    } finally {
      other.ifPresent(Fault::close);
    }
  }

  /** One in a transaction; none within a swap, which lets nobody in. */
  private static Optional<Database> session(Scene scene) {
    try {
      Database session = scene.world().open(scene.world().live);
      session.execute("begin");
      return Optional.of(session);
    } catch (Failure closed) {
      return Optional.empty();
    }
  }
}
