package dev.belay.restore;

import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import dev.belay.swap.Replaced;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A database of customers, orders and items with hostile names, and Belay on it. */
final class Shop implements AutoCloseable {
  static final int CUSTOMERS = 50;
  static final int ORDERS = 200;

  /** A table that is called as it should never be. */
  static final String HOSTILE = "\"; drop table x; --' Ü数";

  private static final JdbcDatabases DATABASES = new JdbcDatabases("shop");

  final Path folder;
  final Target live;

  Shop(Path folder) {
    this.folder = folder;
    live = TestServer.fresh("shop");
    sql(
        "create type public.mood as enum ('sad', 'ok', 'happy')",
        "create table public.customers (id bigint generated always as identity primary key,"
            + " email text not null unique, mood public.mood)",
        "create table public.orders (id bigserial primary key,"
            + " customer bigint not null references public.customers, note text)",
        "create index on public.orders (note)",
        "create table public.items (order_id bigint not null references public.orders, line int,"
            + " price numeric, primary key (order_id, line))",
        "create view public.spent as select o.customer, sum(i.price) as total"
            + " from public.orders o join public.items i on i.order_id = o.id group by 1",
        "create table public.log (at timestamptz, text text)",
        "create schema " + new Identifier(HOSTILE),
        "create table %s (id int primary key, %s text)"
            .formatted(hostile(), new Identifier("\"q'")),
        "insert into public.customers (email, mood) select 'c' || n, 'ok'"
            + " from generate_series(1, "
            + CUSTOMERS
            + ") n",
        "insert into public.orders (customer, note) select 1 + n % "
            + CUSTOMERS
            + ", 'order ' || n from generate_series(1, "
            + ORDERS
            + ") n",
        "insert into public.items select o, l, o * 1.10 from generate_series(1, "
            + ORDERS
            + ") o, generate_series(1, 2) l",
        "insert into public.log select timestamptz '2024-01-01' + n * interval '1 s', 'line'"
            + " from generate_series(1, 20) n",
        "insert into %s select n, 'v' || n from generate_series(1, 5) n".formatted(hostile()),
        "analyze");
  }

  static String hostile() {
    return new Identifier(HOSTILE) + "." + new Identifier(HOSTILE);
  }

  Cli cli() {
    return new Cli(folder).on(live);
  }

  Cli.Result expect(int status, String... arguments) {
    return cli().expect(status, arguments);
  }

  /** The id of a new backup. */
  String backup(String... more) {
    List<String> level =
        List.of(more).contains("--level") ? List.of() : List.of("--level", "checksummed");
    String[] command =
        Stream.of(Stream.of("create-backup"), level.stream(), Arrays.stream(more))
            .flatMap(words -> words)
            .toArray(String[]::new);
    List<String> before = backups();
    expect(0, command);
    return backups().stream().filter(id -> !before.contains(id)).findFirst().orElseThrow();
  }

  private List<String> backups() {
    Path root = folder.resolve("backups");
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(root)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Belay as a process of its own. */
  Program program() {
    return new Program(folder).on(live);
  }

  Database open() {
    return DATABASES.open(live);
  }

  Database open(String database) {
    return DATABASES.open(live.withDatabase(database));
  }

  Database maintenance() {
    return DATABASES.open(TestServer.admin());
  }

  void sql(String... statements) {
    try (Database session = open()) {
      Arrays.asList(statements).forEach(session::execute);
    }
  }

  long number(String query) {
    try (Database session = open()) {
      return session.number(query);
    }
  }

  String text(String query) {
    try (Database session = open()) {
      return session.text(query);
    }
  }

  /** What a table holds, as one text. */
  String content(String table) {
    return text(
        "select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '')"
            + " from "
            + table
            + " t");
  }

  /** Databases that a run made for itself. */
  long databasesOfRuns() {
    try (Database session = maintenance()) {
      return session.number(
          "select count(*) from pg_catalog.pg_database where datname ~ '^belay_scratch_'"
              + " or datname ~ '_belay_new_[0-9a-f]{12}$'");
    }
  }

  /** The databases that swaps kept, newest first. */
  List<String> replaced() {
    try (Database session = maintenance()) {
      return Replaced.list(session).stream()
          .filter(kept -> kept.of().equals(live.database()))
          .map(Replaced::name)
          .toList();
    }
  }

  @Override
  public void close() {
    replaced().forEach(name -> TestServer.drop(live.withDatabase(name)));
    TestServer.drop(live);
  }
}
