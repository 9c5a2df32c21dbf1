package dev.belay.scratch;

import dev.belay.core.Cleanup;
import dev.belay.core.FailPoint;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.RunId;
import dev.belay.core.Target;
import dev.belay.journal.DatabaseNote;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseDrop;
import dev.belay.postgres.DatabaseLocale;
import dev.belay.postgres.Databases;
import dev.belay.postgres.ServerInfo;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * An empty database for a proof. It is dropped when it is closed, when the program is interrupted,
 * and, after {@code kill -9}, by the next run that sees it.
 */
public final class ScratchDatabase implements AutoCloseable {
  /** What a server writes into its log without anybody's noticing. */
  private static final long LARGE_BYTES = 256L << 20;

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Target target;
  private final Cleanup.Pending drop;

  private ScratchDatabase(Target target, Cleanup.Pending drop) {
    this.target = target;
    this.drop = drop;
  }

  /**
   * Creates one.
   *
   * @param maintenance the maintenance database of the server that it is made on
   * @param of the database that it stands for
   * @param purpose in words, for its comment
   * @throws Failure UNAVAILABLE when the role may not create databases, REFUSED when the server
   *     cannot have such a locale
   */
  public static ScratchDatabase create(
      Databases databases,
      Target maintenance,
      RunId run,
      DatabaseLocale locale,
      String of,
      String purpose) {
    return create(
        databases,
        maintenance,
        run,
        database -> locale.createOptions(ServerInfo.of(database).major()),
        of,
        purpose);
  }

  /**
   * Creates a copy of a database that nobody is with.
   *
   * @param template the database to copy
   * @throws Failure UNAVAILABLE when the role may not create databases, FAILED when somebody is
   *     with the template
   */
  public static ScratchDatabase copy(
      Databases databases,
      Target maintenance,
      RunId run,
      String template,
      String of,
      String purpose) {
    return create(
        databases, maintenance, run, database -> options(database, template), of, purpose);
  }

  /**
   * Creates a copy of a database that others want to connect to, which they cannot meanwhile.
   *
   * @param template the database to copy
   * @param longest after so long the server gives up
   * @throws Failure as {@link #copy(Databases, Target, RunId, String, String, String)}; FAILED with
   *     the server's {@code query_canceled} when it takes longer
   */
  public static ScratchDatabase copy(
      Databases databases,
      Target maintenance,
      RunId run,
      String template,
      String of,
      String purpose,
      Duration longest) {
    return create(
        databases,
        maintenance,
        run,
        database -> {
          database.execute("set statement_timeout = " + longest.toMillis());
          return options(database, template);
        },
        of,
        purpose);
  }

  /** By default a newer server writes all of a copy into its log, too. */
  private static String options(Database maintenance, String template) {
    boolean large =
        ServerInfo.of(maintenance).major() >= 15
            && maintenance.test(
                """
                select coalesce(max(case when pg_catalog.has_database_privilege(d.oid, 'connect')
                                         then pg_catalog.pg_database_size(d.oid) end), 0) > ?
                  from pg_catalog.pg_database d
                 where d.datname = ?
                """,
                LARGE_BYTES,
                template);
    return "template " + new Identifier(template) + (large ? " strategy file_copy" : "");
  }

  private static ScratchDatabase create(
      Databases databases,
      Target maintenance,
      RunId run,
      Function<Database, String> options,
      String of,
      String purpose) {
    String name = "belay_scratch_" + run + "_" + NUMBER.incrementAndGet();
    Target target = maintenance.withDatabase(name);
    Making making = new Making();
    Cleanup.Pending drop =
        Cleanup.register(
            () -> {
              making.stop();
              drop(databases, maintenance, name);
            });
    try (Database database = databases.open(maintenance)) {
      making.run(
          database, "create database " + new Identifier(name) + " " + options.apply(database));
      database.execute("reset statement_timeout");
      keepToItself(database, name);
      FailPoint.reached("scratch-created");
      DatabaseNote note =
          DatabaseNote.now(
              DatabaseNote.Kind.SCRATCH,
              of,
              run,
              database.text("select current_user"),
              purpose,
              null);
      database.execute(
          "comment on database " + new Identifier(name) + " is " + Identifier.literal(note.text()));
      FailPoint.reached("scratch-noted");
      return new ScratchDatabase(target, drop);
    } catch (Throwable broken) {
      try {
        drop.close();
      } catch (Failure alsoBroken) {
        broken.addSuppressed(alsoBroken);
      }
      throw broken;
    }
  }

  /** Of a copy the server keeps no rights: everybody might connect, and read what is in it. */
  private static void keepToItself(Database maintenance, String name) {
    String database = new Identifier(name).toString();
    maintenance.execute("revoke connect on database " + database + " from public");
    if (!maintenance.test("select session_user = current_user")) {
      maintenance.execute("grant connect on database " + database + " to session_user");
    }
  }

  /** The database. */
  public Target target() {
    return target;
  }

  /** Lets it stay when this is closed: it has become something else. */
  void keep() {
    drop.cancel();
  }

  /**
   * Lets it stay under another name, by which no later run takes it for something left behind.
   *
   * @param name that is free
   * @param comment what it is, and how it is removed
   * @throws Failure when somebody is with it
   */
  public Target keep(Databases databases, Target maintenance, String name, String comment) {
    try (Database database = databases.open(maintenance)) {
      database.inTransaction(
          () -> {
            database.execute(
                "alter database %s rename to %s"
                    .formatted(new Identifier(target.database()), new Identifier(name)));
            database.execute(
                "comment on database %s is %s"
                    .formatted(new Identifier(name), Identifier.literal(comment)));
            return name;
          });
      drop.cancel();
    }
    return target.withDatabase(name);
  }

  /** Drops it, whoever is still with it. */
  @Override
  public void close() {
    drop.close();
  }

  private static void drop(Databases databases, Target maintenance, String name) {
    // A session of its own: whatever else is open may be busy, or its transaction broken.
    try (Database database = databases.open(maintenance)) {
      DatabaseDrop.withPrepared(database, name);
    }
  }
}
