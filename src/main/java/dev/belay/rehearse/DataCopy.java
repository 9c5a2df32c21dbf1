package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.scratch.ScratchDatabase;
import dev.belay.scratch.ScratchReplay;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A scratch database with data in which migrations are tried, and, where there is room, another one
 * that stays as it was, to compare with and to begin again from. Both are dropped when it is
 * closed.
 */
public final class DataCopy implements AutoCloseable {
  private final ScratchReplay replay;
  private final String live;
  private final Origin origin;
  private final @Nullable ScratchDatabase before;
  private ScratchDatabase working;

  DataCopy(
      ScratchReplay replay,
      String live,
      Origin origin,
      @Nullable ScratchDatabase before,
      ScratchDatabase working) {
    this.replay = replay;
    this.live = live;
    this.origin = origin;
    this.before = before;
    this.working = working;
  }

  /** What it was made of. */
  public Origin origin() {
    return origin;
  }

  /** The database in which migrations are tried. */
  public Target target() {
    return working.target();
  }

  /** The one that stays as it was; empty where there was no room for it. */
  Optional<Target> before() {
    return Optional.ofNullable(before).map(ScratchDatabase::target);
  }

  /**
   * Puts a new copy in the place of the one in which something was tried; nobody may be with
   * either.
   *
   * @return whether there is one to make it of
   */
  boolean renew() {
    if (before == null) {
      return false;
    }
    ScratchDatabase used = working;
    working = twin(replay, before, live);
    used.close();
    return true;
  }

  /** Another one like that. */
  static ScratchDatabase twin(ScratchReplay replay, ScratchDatabase of, String live) {
    return ScratchDatabase.copy(
        replay.databases(),
        replay.maintenance(),
        replay.run(),
        of.target().database(),
        live,
        "rehearsal");
  }

  /**
   * Lets the one in which migrations were tried stay.
   *
   * @return its name
   */
  String keep() {
    String name = "belay_rehearsal_" + replay.run();
    working.keep(
        replay.databases(),
        replay.maintenance(),
        name,
        "copy of %s in which belay rehearsed migrations; nobody needs it".formatted(live));
    return name;
  }

  @Override
  public void close() {
    Failure broken = null;
    for (ScratchDatabase each :
        before == null
            ? new ScratchDatabase[] {working}
            : new ScratchDatabase[] {working, before}) {
      try {
        each.close();
      } catch (Failure stays) {
        broken = stays;
      }
    }
    if (broken != null) {
      throw broken;
    }
  }
}
