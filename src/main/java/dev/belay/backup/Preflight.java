package dev.belay.backup;

import dev.belay.archive.StoredBackup;
import dev.belay.config.AppSettings;
import dev.belay.core.Identifier;
import dev.belay.core.Refusals;
import dev.belay.core.TableName;
import dev.belay.core.Units;
import dev.belay.flyway.FlywayLock;
import dev.belay.integrity.Tables;
import dev.belay.pgtools.DumpSelection;
import dev.belay.postgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Everything that speaks against a backup, found at once and before its first byte. */
final class Preflight {
  private static final int SHOWN = 10;
  private static final int LOOKS = 6;
  private static final long PAUSE_MILLIS = 500;
  private static final int ROOM_IN_PERCENT = 120;

  /** A dump in the fastest compression has seldom less of the size of the tables. */
  private static final int LEAST_IN_PERCENT = 15;

  private final Database session;
  private final Refusals refusals;
  private final Predicate<TableName> wanted;

  /**
   * @param wanted the tables that the backup is to hold
   */
  Preflight(Database session, Refusals refusals, Predicate<TableName> wanted) {
    this.session = session;
    this.refusals = refusals;
    this.wanted = wanted;
  }

  /** Whether this role may read everything, and is shown everything that it reads. */
  void rights() {
    String role = session.target().user();
    Identifier name = new Identifier(role);
    List<TableName> unreadable = wanted(PreflightQueries.unreadable(session));
    if (!unreadable.isEmpty()) {
      refusals.add(
          "the role %s may not read %s".formatted(role, names(unreadable)),
          session.test("select pg_catalog.current_setting('server_version_num')::integer >= 140000")
              ? "grant pg_read_all_data to " + name
              : "grant select on %s to %s".formatted(unreadable.get(0), name));
    }
    List<TableName> hidden = wanted(PreflightQueries.hiddenByPolicy(session));
    if (!hidden.isEmpty()) {
      refusals.add(
          "row-level security would hide rows of %s from the role %s"
              .formatted(names(hidden), role),
          "alter role %s bypassrls".formatted(name));
    }
    long objects = PreflightQueries.hiddenLargeObjects(session);
    if (objects > 0) {
      refusals.add(
          "the role %s may not read %s"
              .formatted(role, Units.count(objects, "large object", "large objects")),
          "back up as their owner or as a superuser");
    }
  }

  /** Whether somebody changes the schema now; a lock that is held for a moment is waited out. */
  void quiet(List<AppSettings> apps) {
    for (AppSettings app : apps) {
      FlywayLock.holder(session, app)
          .ifPresent(
              who ->
                  refusals.add(
                      "a migration of the app %s is in progress: %s".formatted(app.name(), who),
                      "run it again when the migration is over"));
    }
    List<PreflightQueries.Exclusive> exclusive = exclusive();
    for (int look = 1; !exclusive.isEmpty() && look < LOOKS; look++) {
      pause();
      exclusive = exclusive();
    }
    for (PreflightQueries.Exclusive lock : exclusive) {
      refusals.add(
          lock.toString(),
          "wait for it, or end it with: select pg_terminate_backend(" + lock.pid() + ")");
    }
  }

  /**
   * Whether the server has sessions and locks enough.
   *
   * @param sessions that the backup opens besides those that are open
   */
  void capacity(int sessions) {
    long free = PreflightQueries.freeSessions(session);
    if (free < sessions) {
      refusals.add(
          "the backup opens %s and the server, the database or the role %s has %d left"
              .formatted(
                  Units.count(sessions, "session", "sessions"), session.target().user(), free),
          "use fewer --jobs, or raise max_connections or the connection limit");
    }
    long locks = PreflightQueries.locks(session);
    long relations = PreflightQueries.tables(session);
    if (relations > locks) {
      refusals.add(
          "pg_dump locks %s, and the server holds %s locks"
              .formatted(Units.count(relations, "relation", "relations"), Units.count(locks)),
          "alter system set max_locks_per_transaction = %d, and restart the server"
              .formatted(64 * (1 + relations / 64)));
    }
    PreflightQueries.standby(session).ifPresent(refusals::warn);
  }

  /**
   * Whether the backup will fit, as far as that can be known.
   *
   * @param last the newest whole backup of the same database
   * @param incident whether the database is in trouble, when nothing is deleted to make room
   */
  void disk(
      Path root,
      Tables tables,
      Optional<StoredBackup> last,
      DumpSelection selection,
      boolean incident) {
    try {
      long free = Files.getFileStore(root).getUsableSpace();
      long needed =
          last.filter(backup -> !selection.isPartial())
              .map(backup -> backup.manifest().totalBytes() / 100 * ROOM_IN_PERCENT)
              .orElse(tables.bytes() / 100 * LEAST_IN_PERCENT);
      if (free < needed) {
        refusals.add(
            "%s has %s of free space, and the backup will have some %s"
                .formatted(root, Units.bytes(free), Units.bytes(needed)),
            incident
                ? "give another folder with --set folders.backups=<folder>, and delete no backup now"
                : "free disk space, for example with: belay cleanup-backups");
      }
    } catch (IOException unreadable) {
      refusals.warn("the free space of " + root + " could not be read: " + unreadable.getMessage());
    }
  }

  private List<PreflightQueries.Exclusive> exclusive() {
    return PreflightQueries.exclusive(session).stream()
        .filter(lock -> wanted.test(lock.table()))
        .toList();
  }

  private List<TableName> wanted(List<TableName> tables) {
    return tables.stream().filter(wanted).toList();
  }

  private static String names(List<TableName> tables) {
    String shown =
        tables.stream().limit(SHOWN).map(TableName::plain).collect(Collectors.joining(", "));
    return tables.size() > SHOWN ? shown + " and " + (tables.size() - SHOWN) + " more" : shown;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
