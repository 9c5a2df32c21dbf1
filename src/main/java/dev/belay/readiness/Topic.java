package dev.belay.readiness;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What readiness looks at; the names are for ever. */
public enum Topic {
  CONNECTION,
  /** Neither a standby nor an unsupported version. */
  SERVER,
  /** Whether a restored database can be swapped in, or only be restored in place. */
  SWAP,
  /** The newest backup that one could go back to: its age and its level. */
  BACKUP,
  /** The folder of the backups, and that no backup in it is broken. */
  BACKUP_FILES,
  /** pg_dump and pg_restore for this server. */
  TOOLS,
  /** Free disk space where backups are written. */
  BACKUP_DISK,
  /** Free disk space where the server keeps its data. */
  SERVER_DISK,
  LONG_TRANSACTIONS,
  IDLE_IN_TRANSACTION,
  PREPARED_TRANSACTIONS,
  /** Who waits for a lock. */
  LOCK_WAITS,
  /** Strong locks on tables, held or waited for. */
  STRONG_LOCKS,
  /** How many sessions are at work. */
  ACTIVE_SESSIONS,
  /** How many of the server's connections are taken, and how many are left for belay. */
  CONNECTIONS,
  /** How far standbys are behind. */
  REPLICATION,
  /** Replication slots that nobody reads and that keep the write-ahead log. */
  REPLICATION_SLOTS,
  /** Whether round trips to the server are quick and none is lost. */
  NETWORK,
  /** Whether every recent migration has a way back. */
  UNDO_SCRIPTS,
  /** Whether going back was practised not long ago, and worked. */
  DRILL,
  /** Whether another belay or a Flyway is at work. */
  RUNNING,
  /** Whether a belay that was killed left something half done. */
  UNFINISHED_RUNS;

  /** The name in reports and JSON, such as {@code backup-disk}. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
