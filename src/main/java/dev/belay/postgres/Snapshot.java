package dev.belay.postgres;

import dev.belay.core.Failure;
import dev.belay.core.Target;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One moment of a database that several sessions, and pg_dump, can look at. It holds a transaction
 * open; while it is, the server keeps every row version that the moment needs.
 */
public final class Snapshot implements AutoCloseable {
  private static final String BEGIN = "begin isolation level repeatable read read only";
  private static final String BEGIN_TO_CHANGE = "begin isolation level repeatable read read write";

  /** Firewalls and load balancers forget a silent connection after some minutes. */
  private static final long BEAT_MILLIS = 20_000;

  private final Databases databases;
  private final Database exporter;
  private final String id;
  private final CountDownLatch over = new CountDownLatch(1);

  private Snapshot(Databases databases, Database exporter, String id, long beatMillis) {
    this.databases = databases;
    this.exporter = exporter;
    this.id = id;
    Thread heart = new Thread(() -> beat(beatMillis), "snapshot");
    heart.setDaemon(true);
    heart.start();
  }

  /** Takes a snapshot now. */
  public static Snapshot take(Databases databases, Target target) {
    return take(databases, target, BEAT_MILLIS);
  }

  /**
   * Takes a snapshot now, whose own session may change the database in the same transaction. Its
   * workers still see the moment, and never what the session changed.
   */
  public static Snapshot takeToChange(Databases databases, Target target) {
    return take(databases, target, BEGIN_TO_CHANGE, BEAT_MILLIS);
  }

  static Snapshot take(Databases databases, Target target, long beatMillis) {
    return take(databases, target, BEGIN, beatMillis);
  }

  private static Snapshot take(Databases databases, Target target, String begin, long beatMillis) {
    Database exporter = databases.open(target);
    try {
      exporter.begin(begin);
      return new Snapshot(
          databases, exporter, exporter.text("select pg_catalog.pg_export_snapshot()"), beatMillis);
    } catch (Throwable broken) {
      exporter.close();
      throw broken;
    }
  }

  /** The driver lets one statement after the other through, whichever thread they come from. */
  private void beat(long millis) {
    try {
      while (!over.await(millis, TimeUnit.MILLISECONDS)) {
        exporter.number("select 1");
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } catch (Failure lost) {
      // Whoever needs the session next is told.
    }
  }

  /** What {@code pg_dump --snapshot} takes. */
  public String id() {
    return id;
  }

  /** The session that exported it; it sees the same moment. */
  public Database database() {
    return exporter;
  }

  /** Another session that sees the same moment. The caller closes it. */
  public Database worker() {
    Database worker = databases.open(exporter.target());
    try {
      worker.begin(BEGIN);
      // The id is the server's own, and SET TRANSACTION takes no parameter.
      worker.execute("set transaction snapshot '" + id + "'");
      return worker;
    } catch (Throwable broken) {
      worker.close();
      throw broken;
    }
  }

  /**
   * Keeps what the session changed, and lets the moment go; the session stays open, outside of any
   * transaction.
   *
   * @throws Failure FAILED when the server refuses; INCOMPLETE when the connection is lost
   *     meanwhile
   */
  public void commit() {
    exporter.commit();
  }

  /** Lets the moment go. */
  @Override
  public void close() {
    over.countDown();
    exporter.close();
  }
}
