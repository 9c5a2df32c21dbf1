package dev.belay.rehearse;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.scratch.Room;
import dev.belay.scratch.ScratchDatabase;
import dev.belay.scratch.ScratchReplay;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
  private final Room room;
  private final long largestTable;
  private final List<String> notes;
  private final Optional<Failure> against;
  private final @Nullable ScratchDatabase before;
  private ScratchDatabase working;

  /**
   * @param largestTable its size
   * @param notes is told what the operator should know of the copy
   * @param against why no script may be tried in it
   * @param before the one that stays as it was; null where there was no room for it
   */
  DataCopy(
      ScratchReplay replay,
      String live,
      Origin origin,
      Room room,
      long largestTable,
      List<String> notes,
      Optional<Failure> against,
      @Nullable ScratchDatabase before,
      ScratchDatabase working) {
    this.replay = replay;
    this.live = live;
    this.origin = origin;
    this.room = room;
    this.largestTable = largestTable;
    this.notes = notes;
    this.against = against;
    this.before = before;
    this.working = working;
  }

  /** What it was made of. */
  public Origin origin() {
    return origin;
  }

  /** Why no script may be tried in it, though it is as its origin; empty: they may. */
  Optional<Failure> against() {
    return against;
  }

  /**
   * Takes out what a script made in it that reaches beyond it by itself.
   *
   * @throws Failure REFUSED when this role may not
   */
  void cutAgain() {
    try (Database session = replay.databases().open(target())) {
      Outreach.cutAgain(session, notes);
    }
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
   * Puts a new copy in the place of the one in which something was tried. That one stays, to
   * compare with, where there is room for a third.
   *
   * @return empty when there is nothing to make it of; the caller closes it
   */
  Optional<Used> renew() {
    ScratchDatabase from = before;
    if (from == null) {
      return Optional.empty();
    }
    boolean third;
    try (Database maintenance = replay.databases().open(replay.maintenance())) {
      OptionalLong left = room.left(maintenance, 2 * origin.copyBytes());
      // Where it cannot be seen, three are more than the size of one says.
      long further = left.isPresent() ? origin.copyBytes() : 2 * origin.copyBytes();
      third = Room.against(left, further, largestTable).isEmpty();
    }
    ScratchDatabase used = working;
    if (!third) {
      used.close();
    }
    working = twin(replay, from, live);
    return Optional.of(new Used(third ? used : null));
  }

  /** What a new copy took the place of. */
  static final class Used implements AutoCloseable {
    private final @Nullable ScratchDatabase database;

    private Used(@Nullable ScratchDatabase database) {
      this.database = database;
    }

    /** Empty when there was no room for it. */
    Optional<Target> target() {
      return Optional.ofNullable(database).map(ScratchDatabase::target);
    }

    @Override
    public void close() {
      if (database != null) {
        database.close();
      }
    }
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
