package dev.belay.rehearse;

import dev.belay.config.ScratchSettings;
import dev.belay.core.Cleanup;
import dev.belay.core.ExitCode;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Units;
import dev.belay.postgres.Database;
import dev.belay.postgres.SqlState;
import dev.belay.scratch.Room;
import dev.belay.scratch.ScratchDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;

/** Copies the live database itself, as a template, where nobody is with it. */
final class TemplateCopy {
  private static final int SHOWN = 3;

  /** So long the server itself waits for whoever is still with a template. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final long PAUSE_NANOS = 100_000_000;

  private final CopyGround ground;

  TemplateCopy(CopyGround ground) {
    this.ground = ground;
  }

  /** The server did not make the copy, and a backup may do. */
  static final class NotCopied extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1;

    private final String why;
    private final transient Failure failure;

    private NotCopied(String why, Failure failure) {
      super(why, failure);
      this.why = why;
      this.failure = failure;
    }

    String why() {
      return why;
    }

    Failure failure() {
      return failure;
    }
  }

  /** Why the live database cannot be copied; empty: it can. */
  Optional<String> against() {
    if (ground.settings().scratch().server() != ScratchSettings.Server.SAME) {
      return Optional.of("scratch databases are made on another server (scratch.server)");
    }
    try (Database maintenance = ground.maintenance()) {
      if (!CopyQueries.mayCopy(maintenance, ground.live())) {
        return Optional.of(
            "%s is neither its owner nor a superuser"
                .formatted(ground.replay().maintenance().user()));
      }
      List<String> sessions = sessions(maintenance);
      if (!sessions.isEmpty()) {
        return Optional.of(
            "%s with it, such as %s"
                .formatted(
                    Units.count(sessions.size(), "session is", "sessions are"),
                    String.join(", ", sessions.subList(0, Math.min(SHOWN, sessions.size())))));
      }
      if (CopyQueries.prepared(maintenance, ground.live()) > 0) {
        return Optional.of("a transaction is prepared in it");
      }
      OptionalLong left = ground.room().left(maintenance, 0);
      long needed =
          Room.needed(ground.facts().bytes()) + Room.reserve(ground.facts().largestTable());
      if (left.isPresent() && left.getAsLong() < needed) {
        return Optional.of(
            "the server has %s of disk space left, and a copy in which migrations are tried needs some %s"
                .formatted(Units.bytes(left.getAsLong()), Units.bytes(needed)));
      }
      return Optional.empty();
    }
  }

  /** Who is with it, in words; those of Belay's own that are about to go are waited for. */
  private List<String> sessions(Database maintenance) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      List<CopyQueries.Session> there = CopyQueries.sessions(maintenance, ground.live());
      boolean mayGo = !there.isEmpty() && there.stream().allMatch(CopyQueries.Session::own);
      if (!mayGo || System.nanoTime() > deadline) {
        return there.stream().map(CopyQueries.Session::words).toList();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  /**
   * Makes it.
   *
   * @throws NotCopied when the server does not do it
   */
  DataCopy make() throws NotCopied {
    ground
        .progress()
        .step(
            "copying %s (%s); whoever connects to it meanwhile waits until that is done"
                .formatted(ground.live(), Units.bytes(ground.facts().bytes())));
    Instant moment = Instant.now();
    long begun = System.nanoTime();
    ScratchDatabase first = copied();
    cut(first);
    long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
    FailPoint.reached("rehearse-copied");
    return new Twinning(ground)
        .pair(
            first,
            Optional.empty(),
            bytes ->
                new Origin(
                    Optional.empty(),
                    Optional.empty(),
                    moment,
                    bytes,
                    ground.facts().bytes(),
                    millis,
                    Optional.empty(),
                    Optional.empty()));
  }

  private ScratchDatabase copied() throws NotCopied {
    Duration longest = ground.settings().scratch().copyTimeout();
    try {
      return ScratchDatabase.copy(
          ground.replay().databases(),
          ground.replay().maintenance(),
          ground.replay().run(),
          ground.live(),
          ground.live(),
          "rehearsal",
          longest);
    } catch (Failure failure) {
      if (SqlState.OBJECT_IN_USE.isOf(failure)) {
        throw new NotCopied("somebody connected to it in this moment", failure);
      }
      if (SqlState.INSUFFICIENT_PRIVILEGE.isOf(failure)) {
        throw new NotCopied("the server does not allow it: " + failure.message(), failure);
      }
      if (SqlState.QUERY_CANCELED.isOf(failure) && !Cleanup.interrupted()) {
        throw new NotCopied(
            "it was not copied within %s, in which nobody could connect to it (scratch.copyTimeout)"
                .formatted(Units.duration(longest)),
            failure);
      }
      throw failure;
    }
  }

  /** It stays with what reaches beyond it for no moment longer than it must. */
  private void cut(ScratchDatabase copy) throws NotCopied {
    try (Database session = ground.session(copy)) {
      Outreach.cut(session, ground.notes());
    } catch (Throwable broken) {
      try {
        copy.close();
      } catch (Failure stays) {
        broken.addSuppressed(stays);
      }
      if (broken instanceof Failure failure && failure.exitCode() == ExitCode.REFUSED) {
        throw new NotCopied(failure.message(), failure);
      }
      throw broken;
    }
  }
}
