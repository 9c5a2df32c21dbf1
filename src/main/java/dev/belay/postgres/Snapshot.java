package dev.belay.postgres;

import dev.belay.core.Target;

/**
 * One moment of a database that several sessions, and pg_dump, can look at. It holds a transaction
 * open; while it is, the server keeps every row version that the moment needs.
 */
public final class Snapshot implements AutoCloseable {
  private static final String BEGIN = "begin isolation level repeatable read read only";

  private final Databases databases;
  private final Database exporter;
  private final String id;

  private Snapshot(Databases databases, Database exporter, String id) {
    this.databases = databases;
    this.exporter = exporter;
    this.id = id;
  }

  /** Takes a snapshot now. */
  public static Snapshot take(Databases databases, Target target) {
    Database exporter = databases.open(target);
    try {
      exporter.begin(BEGIN);
      return new Snapshot(
          databases, exporter, exporter.text("select pg_catalog.pg_export_snapshot()"));
    } catch (Throwable broken) {
      exporter.close();
      throw broken;
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

  /** Lets the moment go. */
  @Override
  public void close() {
    exporter.close();
  }
}
