package dev.belay.chaos;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.core.Tls;
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
  /** The tables that are migrated. */
  static final List<String> TABLES = List.of("shop.item", "shop.\"Odd \"\"; Name\"");

  private static final String BASE =
      """
      create table shop.item (
        id bigserial primary key, name text not null, price numeric(12, 2), code integer, note text);
      create table shop."Odd ""; Name" (
        id bigserial primary key, name text not null, price numeric(12, 2), code integer, note text);
      create table shop.written (number bigint primary key);
      create table shop.label (
        id serial primary key, word text not null unique, parent integer references shop.label);
      create index label_lower_word on shop.label (lower(word));
      grant select on shop.label to public;
      insert into shop.label (word, parent) select 'label ' || n, nullif(n / 2, 0)
      from generate_series(1, 9) n;
      insert into shop.label (word) select 'label ' || n from generate_series(10, 40) n;
      insert into shop.item (name, price, code, note)
      select 'item ' || n, n * 1.5, n, nullif(n % 3, 0)::text from generate_series(1, 600) n;
      insert into shop.item (name, price) values ('written 0', 0);
      insert into shop."Odd ""; Name" (name, price, code)
      select 'Übung ' || n, n, n from generate_series(1, 300) n;
      """;

  private final Cluster cluster;
  final Path folder;
  final Target live;
  final Role role;
  final List<RandomMigration> applied = new ArrayList<>();
  final List<RandomMigration> pending = new ArrayList<>();

  /** What another team's tool runs, and not Flyway. */
  final RandomMigration foreign;

  private World(Cluster cluster, Path folder, Target live, Role role, RandomMigration foreign) {
    this.cluster = cluster;
    this.folder = folder.resolve("place");
    this.live = live;
    this.role = role;
    this.foreign = foreign;
  }

  /**
   * One whose content, and whose migrations, are as chance has it.
   *
   * @param role who owns the database, and as whom all work
   * @param inBatches whether the last that was applied is undone in batches
   */
  static World of(
      Random chance, Cluster cluster, Path folder, long seed, Role role, boolean inBatches) {
    Target live =
        cluster
            .target("127.0.0.1", role.user(), null, Tls.PREFER)
            .withDatabase("chaos \"; %d".formatted(seed));
    World world = new World(cluster, folder, live, role, RandomMigration.inTransaction(chance, 90));
    world.maintain(
        "create database %s owner %s".formatted(new Identifier(live.database()), role.user()));
    world.configure();
    int version = 1;
    new RandomMigration(version, "V1__base", BASE, "", true, false).write(world.folder);
    for (int more = 1 + chance.nextInt(2); more > 0; more--) {
      RandomMigration migration = world.next(chance, ++version, false);
      migration.write(world.folder);
      world.applied.add(migration);
    }
    RandomMigration last = RandomMigration.inBatches(++version);
    if (inBatches) {
      last.write(world.folder);
      world.applied.add(last);
    }
    world.migrate();
    for (int more = 1 + chance.nextInt(3); more > 0; more--) {
      world.pending.add(world.next(chance, ++version, true));
    }
    return world;
  }

  /** One by chance; a column is renamed only once. */
  private RandomMigration next(Random chance, int version, boolean mayFail) {
    while (true) {
      RandomMigration made = RandomMigration.of(chance, version, mayFail);
      if (Stream.of(List.of(foreign), applied, pending)
          .flatMap(List::stream)
          .noneMatch(earlier -> earlier.renamesLike(made))) {
        return made;
      }
    }
  }

  private void configure() {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("new.sql"), foreign.up() + "\n");
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

  /** Belay in the folder, as somebody who may do everything. */
  Program ofSuperuser() {
    return program(cluster.admin().withDatabase(live.database()));
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
        "create database %s template %s owner %s"
            .formatted(
                new Identifier(copy.database()), new Identifier(live.database()), role.user()));
    try (Database session = open(copy)) {
      statements.forEach(session::execute);
      return Content.of(session);
    } finally {
      drop(copy.database());
    }
  }

  /** The rows of the writer that are in that database, in all tables that it writes to. */
  Set<Long> written(Target where, boolean items) {
    try (Database session = open(where)) {
      return session
          .list(
              "select number from shop.written"
                  + (items
                      ? " where exists (select from shop.item where name = '%s' || number)"
                          .formatted(Writer.NAMED)
                      : ""),
              row -> row.getLong(1))
          .stream()
          .collect(Collectors.toSet());
    }
  }

  /** The last change of the writer's first item that is in that database. */
  long changes(Target where) {
    try (Database session = open(where)) {
      return session.number(
          "select coalesce(max(price), 0)::bigint from shop.item where name = '%s%d'"
              .formatted(Writer.NAMED, Writer.FIRST));
    }
  }

  /** Rows that batches left neither as they were nor as they will be. */
  long halfDone() {
    try (Database session = open(live)) {
      boolean comparable =
          session.number(
                  "select count(*) from pg_attribute where attrelid = 'shop.item'::regclass"
                      + " and attname in ('batched', 'note') and not attisdropped")
              == 2;
      return comparable
          ? session.number(
              "select count(*) from shop.item where batched is not null"
                  + " and batched is distinct from note and name not like '%s%%'"
                      .formatted(Writer.NAMED))
          : 0;
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

  /** Those among them that somebody may connect to. */
  List<String> openReplaced() {
    try (Database session = open(cluster.admin())) {
      return dev.belay.swap.Replaced.list(session).stream()
          .filter(each -> each.of().equals(live.database()) && each.open())
          .map(dev.belay.swap.Replaced::name)
          .toList();
    }
  }

  /** Opens what a restore put aside to look into it, as {@code undo-restore} would. */
  void openReplaced(Target replaced) {
    maintain(
        "alter database %s allow_connections true".formatted(new Identifier(replaced.database())));
  }

  /** Whether nobody may connect to it. */
  boolean isClosed() {
    try (Database session = open(cluster.admin())) {
      return session.number(
              "select count(*) from pg_database where not datallowconn and datname = ?",
              live.database())
          == 1;
    }
  }

  /** Waits until no program that Belay had started, and died before, is still at it. */
  void awaitOrphans() {
    awaitServer();
    try (Database session = open(cluster.admin())) {
      TestServer.await(
          session,
          "select not exists (select from pg_stat_activity"
              + " where application_name in ('psql', 'pg_dump', 'pg_restore'))");
    }
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
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .filter(file -> file.getFileName().toString().contains(".partial"))
          .map(Path::toString)
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

  /** Gives the role the right to make databases, or takes it, as a superuser. */
  void mayCreateDatabases(boolean may) {
    maintain("alter role %s %screatedb".formatted(role.user(), may ? "" : "no"));
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
