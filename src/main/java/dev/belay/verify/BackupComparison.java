package dev.belay.verify;

import dev.belay.archive.Manifest;
import dev.belay.archive.StoredBackup;
import dev.belay.cli.Progress;
import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Units;
import dev.belay.integrity.Content;
import dev.belay.integrity.ContentComparison;
import dev.belay.integrity.ContentVerdict;
import dev.belay.integrity.Pace;
import dev.belay.integrity.Unchecked;
import dev.belay.postgres.Database;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import dev.belay.postgres.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Compares the data with what a backup's manifest says. Reads only. */
final class BackupComparison {
  private final Databases databases;
  private final Target target;
  private final Pace pace;
  private final Duration lockTimeout;
  private final Progress progress;

  /**
   * @param lockTimeout how long a table that is locked is waited for
   */
  BackupComparison(
      Databases databases, Target target, Pace pace, Duration lockTimeout, Progress progress) {
    this.databases = databases;
    this.target = target;
    this.pace = pace;
    this.lockTimeout = lockTimeout;
    this.progress = progress;
  }

  /** Compares; what stands in its way is in the answer. */
  DataComparison with(StoredBackup backup, Scope scope) {
    long begin = System.nanoTime();
    Manifest manifest = backup.manifest();
    String takenAt = Units.moment(manifest.takenAt());
    List<String> notes = new ArrayList<>();
    try (Database session = limited(databases.open(target))) {
      notes.addAll(notes(manifest, session));
      List<TableName> unread = new ArrayList<>();
      Content expected = readable(scope.of(manifest.content()), session, unread);
      ContentVerdict verdict = verdict(expected, session);
      // A database without tables is alike; that nothing of an app was compared says nothing.
      boolean nothing =
          verdict.tables() == 0
              && verdict.count() == 0
              && !(scope.isWhole() && verdict.unexpected().isEmpty());
      DataComparison comparison =
          DataComparison.of(backup.id(), takenAt, notes, verdict, scope, since(begin));
      if (nothing && unread.isEmpty()) {
        return comparison.ofNothing();
      }
      return unread.isEmpty() ? comparison : comparison.without(unread);
    } catch (Failure failure) {
      return DataComparison.failed(
          "backup",
          backup.id(),
          takenAt,
          notes,
          new Unchecked("all of it", failure.message(), failure.hint()),
          since(begin));
    }
  }

  /** Fast: all sessions see one moment. Gently: none is held, since the server must keep it. */
  private ContentVerdict verdict(Content expected, Database session) {
    if (pace.gentle()) {
      Supplier<Database> workers = () -> limited(databases.open(target));
      return ContentComparison.of(expected, session, workers, pace, progress);
    }
    try (Snapshot snapshot = Snapshot.take(databases, target)) {
      return ContentComparison.of(
          expected, limited(snapshot.database()), () -> limited(snapshot.worker()), pace, progress);
    }
  }

  private Database limited(Database session) {
    session.execute("set lock_timeout = " + Math.max(1, lockTimeout.toMillis()));
    return session;
  }

  private static List<String> notes(Manifest manifest, Database session) {
    List<String> notes = new ArrayList<>();
    String name = session.target().database();
    if (!manifest.database().name().equals(name)) {
      notes.add(
          "the backup is of the database %s, and this is %s"
              .formatted(manifest.database().name(), name));
    }
    if (ServerInfo.differ(
        manifest.server().systemIdentifier(), ServerInfo.systemIdentifier(session))) {
      notes.add("the backup is of another server: " + manifest.database().address());
    }
    if (!manifest.isComplete()) {
      notes.add("the backup has only a part of its database");
    }
    return notes;
  }

  private static Content readable(Content content, Database session, List<TableName> unread) {
    Set<TableName> unreadable = new HashSet<>(ComparisonQueries.unreadable(session));
    content.tables().stream()
        .map(table -> table.name())
        .filter(unreadable::contains)
        .forEach(unread::add);
    return new Content(
        content.form(),
        content.probe(),
        content.tables().stream().filter(table -> !unreadable.contains(table.name())).toList(),
        content.sequences(),
        content.largeObjects());
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
