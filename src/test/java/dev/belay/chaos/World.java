package dev.belay.chaos;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseDrop;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cluster;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;

/** A shop's database with migrations, applied and pending, and the folder of who operates it. */
final class World implements AutoCloseable {
  private static final String BASE =
      """
      create table shop.item (
        id bigserial primary key, name text not null, price numeric(12, 2), code integer, note text);
      create table shop."Odd ""; Name" (
        id bigserial primary key, name text not null, price numeric(12, 2), code integer, note text);
      create table shop.written (number bigint primary key);
      insert into shop.item (name, price, code, note)
      select 'item ' || n, n * 1.5, n, nullif(n % 3, 0)::text from generate_series(1, 600) n;
      insert into shop."Odd ""; Name" (name, price, code)
      select 'Übung ' || n, n, n from generate_series(1, 300) n;
      """;

  private final Cluster cluster;
  final Path folder;
  final Target live;
  final List<RandomMigration> applied = new ArrayList<>();
  final List<RandomMigration> pending = new ArrayList<>();

  private World(Cluster cluster, Path folder, Target live) {
    this.cluster = cluster;
    this.folder = folder;
    this.live = live;
  }

  /**
   * One whose content, and whose migrations, are as chance has it.
   *
   * @param inBatches whether the last that was applied is undone in batches
   */
  static World of(Random chance, Cluster cluster, Path folder, long seed, boolean inBatches) {
    Target live = cluster.admin().withDatabase("chaos \"; %d".formatted(seed));
    World world = new World(cluster, folder, live);
    world.maintain("create database " + new Identifier(live.database()));
    world.configure();
    int version = 1;
    new RandomMigration(version, "V1__base", BASE, "", true, false).write(folder);
    for (int more = 1 + chance.nextInt(2); more > 0; more--) {
      RandomMigration migration = RandomMigration.of(chance, ++version, false);
      migration.write(folder);
      world.applied.add(migration);
    }
    RandomMigration last = RandomMigration.inBatches(++version);
    if (inBatches) {
      last.write(folder);
      world.applied.add(last);
    }
    world.migrate();
    for (int more = 1 + chance.nextInt(3); more > 0; more--) {
      world.pending.add(RandomMigration.of(chance, ++version, true));
    }
    return world;
  }

  private void configure() {
    try {
      Files.writeString(
          folder.resolve("belay.yaml"),
          """
          lockTimeout: 300ms
          apps:
            shop:
              schemas: [shop]
              locations: filesystem:db/migration
              undoLocations: db/undo
          """);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
  }

  private void migrate() {
    var configuration =
        Flyway.configure()
            .dataSource(
                "jdbc:postgresql://%s:%d/%s"
                    .formatted(
                        live.host(),
                        live.port(),
                        java.net.URLEncoder.encode(
                            live.database(), java.nio.charset.StandardCharsets.UTF_8)),
                live.user(),
                "")
            .schemas("shop")
            .locations("filesystem:" + folder.resolve("db/migration"));
    configuration
        .getPluginRegister()
        .getExact(PostgreSQLConfigurationExtension.class)
        .setTransactionalLock(false);
    configuration.load().migrate();
  }

  /** Belay in the folder, on the database by that way. */
  Program program(Target way) {
    return new Program(folder).on(way);
  }

  /** What the application wrote since the backup was made. */
  void work(Random chance) {
    for (int count = 1 + chance.nextInt(5); count > 0; count--) {
      sql("insert into shop.item (name, price, code) values ('new', 1, 1)");
      sql("update shop.item set price = price + 1 where id = " + (50 + chance.nextInt(500)));
    }
  }

  void sql(String statement) {
    try (Database session = open(live)) {
      session.execute(statement);
    }
  }

  Content content() {
    awaitServer();
    try (Database session = open(live)) {
      return Content.of(session);
    }
  }

  /** What the database holds after these statements, tried on a copy of it. */
  Content after(List<String> statements) {
    Target copy = live.withDatabase("copy of " + live.database());
    maintain(
        "create database %s template %s"
            .formatted(new Identifier(copy.database()), new Identifier(live.database())));
    try (Database session = open(copy)) {
      statements.forEach(session::execute);
      return Content.of(session);
    } finally {
      drop(copy.database());
    }
  }

  /** The rows of the writer that are in that database. */
  Set<Long> written(Target where) {
    try (Database session = open(where)) {
      return session.list("select number from shop.written", row -> row.getLong(1)).stream()
          .collect(Collectors.toSet());
    }
  }

  /** The databases that restores put aside. */
  List<Target> replaced() {
    try (Database session = open(cluster.admin())) {
      return dev.belay.swap.Replaced.list(session).stream()
          .filter(each -> each.of().equals(live.database()))
          .map(each -> live.withDatabase(each.name()))
          .toList();
    }
  }

  /** Opens what a restore put aside to look into it, as {@code undo-restore} would. */
  void openReplaced(Target replaced) {
    maintain(
        "alter database %s allow_connections true".formatted(new Identifier(replaced.database())));
  }

  /** What runs left on the server and in the folder, which should be nothing. */
  List<String> left() {
    List<String> left = new ArrayList<>();
    try (Database session = open(cluster.admin())) {
      TestServer.await(
          session,
          "select not exists (select from pg_stat_activity where application_name ~ '^belay:[0-9a-f]{12}$')");
      left.addAll(
          session.list(
              "select datname from pg_database where datname ~ '^belay_scratch_' or datname ~ '_belay_new_'",
              row -> row.getString(1)));
    }
    try (Stream<Path> files = Files.list(folder.resolve("backups"))) {
      files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith("."))
          .forEach(left::add);
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
    return left;
  }

  /** Makes the server end all sessions and recover, as after a crash. */
  void crash() {
    try (Database victim = open(cluster.admin())) {
      new ProcessBuilder("kill", "-9", String.valueOf(victim.loginPid())).start().onExit().join();
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    } catch (Failure closed) {
      // It died of it.
    }
  }

  /** Ends every session of Belay, but not the writer's. */
  void endSessions() {
    try (Database session = open(cluster.admin())) {
      session.list(
          "select pg_terminate_backend(pid) from pg_stat_activity"
              + " where application_name like 'belay:%'",
          row -> row.getBoolean(1));
    }
  }

  private void awaitServer() {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (true) {
      try (Database session = open(cluster.admin())) {
        session.number("select 1");
        return;
      } catch (Failure starting) {
        if (System.nanoTime() > deadline) {
          throw starting;
        }
      }
    }
  }

  Database open(Target where) {
    return new JdbcDatabases("chaos").open(where);
  }

  private void maintain(String statement) {
    try (Database session = open(cluster.admin())) {
      session.execute(statement);
    }
  }

  private void drop(String name) {
    try (Database session = open(cluster.admin())) {
      DatabaseDrop.now(session, name);
    }
  }

  @Override
  public void close() {
    awaitServer();
    try (Database session = open(cluster.admin())) {
      session
          .list(
              "select datname from pg_database where datname not in ('postgres', 'template0', 'template1')",
              row -> row.getString(1))
          .forEach(name -> DatabaseDrop.now(session, name));
    }
  }
}
