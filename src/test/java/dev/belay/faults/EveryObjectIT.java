package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.support.Cli;
import dev.belay.support.Program;
import dev.belay.support.TestServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database with everything that PostgreSQL has comes back as it was, by either strategy. */
@Timeout(300)
class EveryObjectIT {
  private static final String[] EVERYTHING = {
    "create schema app",
    "create extension pgcrypto schema app",
    "create extension pg_trgm schema public",
    "create extension hstore schema app",
    "create type app.mood as enum ('sad', 'ok', 'happy')",
    "create type app.place as (street text, number integer)",
    "create type app.span as range (subtype = float8)",
    "create domain app.positive as integer check (value > 0)",
    "create function app.slug(text) returns text language sql immutable"
        + " as $$ select lower($1) $$",
    "create collation app.plain (locale = 'C')",
    "create sequence app.tickets increment -2 maxvalue 100 minvalue -100 start 50 cycle",
    "select nextval('app.tickets')",
    "create table app.people (id bigint generated always as identity primary key,"
        + " name text not null collate app.plain, mood app.mood default 'ok', home app.place,"
        + " age app.positive, tags app.hstore, born date,"
        + " slug text generated always as (app.slug(name)) stored,"
        + " secret bytea default app.gen_random_bytes(8), span app.span,"
        + " constraint sane check (app.slug(name) <> ''))",
    "create index on app.people (app.slug(name))",
    "create index on app.people using gin (name public.gin_trgm_ops)",
    "create index on app.people (lower(name)) where mood = 'happy'",
    "insert into app.people (name, mood, home, age, tags, born, span)"
        + " select 'P' || n, (array['sad', 'ok', 'happy'])[1 + n % 3]::app.mood,"
        + " row('street ' || n, n)::app.place, n, app.hstore('k', n::text),"
        + " date '0001-01-01 BC' + n, app.span(n, n + 1.5) from generate_series(1, 300) n",
    "create table app.events (at timestamptz, id integer, what jsonb, primary key (at, id))"
        + " partition by range (at)",
    "create table app.events_1 partition of app.events for values from (minvalue) to ('2024-01-01')"
        + " partition by hash (id)",
    "create table app.events_1a partition of app.events_1 for values with (modulus 2, remainder 0)",
    "create table app.events_1b partition of app.events_1 for values with (modulus 2, remainder 1)",
    "create table app.events_rest partition of app.events default",
    "create index on app.events (id)",
    "insert into app.events select timestamptz '2023-12-31' + n * interval '1 min', n,"
        + " jsonb_build_object('n', n) from generate_series(1, 3000) n",
    "create table app.parent (a integer)",
    "create table app.child (b text) inherits (app.parent)",
    "insert into app.parent values (1)",
    "insert into app.child values (2, 'x')",
    "create unlogged table app.cache as select n from generate_series(1, 50) n",
    "create table app.nothing ()",
    "insert into app.nothing default values",
    "create table app.ruled (owner text, note text)",
    "alter table app.ruled enable row level security",
    "alter table app.ruled force row level security",
    "create policy mine on app.ruled using (owner = current_user)",
    "insert into app.ruled values ('somebody', 'hidden')",
    "create materialized view app.moods as select mood, count(*) from app.people group by mood",
    "create unique index on app.moods (mood)",
    "create materialized view app.later as select * from app.moods with no data",
    "create view app.happy with (security_barrier) as"
        + " select * from app.people where mood = 'happy' with local check option",
    "create function app.touch() returns trigger language plpgsql as"
        + " $$ begin new.born := coalesce(new.born, current_date); return new; end $$",
    "create trigger touch before insert on app.people for each row execute function app.touch()",
    "alter table app.people disable trigger touch",
    "create rule quiet as on delete to app.parent do instead nothing",
    "create function app.guard() returns event_trigger language plpgsql as $$ begin end $$",
    "create event trigger guard on ddl_command_end execute function app.guard()",
    "create publication news for table app.people",
    "create statistics app.together on mood, age from app.people",
    "create aggregate app.joined (text) (sfunc = textcat, stype = text, initcond = '')",
    "create operator app.=~ (leftarg = text, rightarg = text, function = texteq)",
    "create text search configuration app.words (copy = simple)",
    "create cast (app.place as text) with inout",
    "create foreign data wrapper nowhere",
    "create server far foreign data wrapper nowhere options (host 'x')",
    "create foreign table app.remote (id integer) server far",
    "alter default privileges in schema app grant select on tables to public",
    "grant usage on schema app to public",
    "grant select (name) on app.people to public",
    "comment on column app.people.name is 'it''s \\ a name'",
    "alter table app.parent replica identity full",
    "alter table app.people alter column name set statistics 500",
    "alter table app.people cluster on people_pkey",
    "select lo_from_bytea(4711, '\\x0001020300')",
    "comment on large object 4711 is 'big'",
    "alter table app.people add constraint late check (age < 1000) not valid"
  };

  @TempDir private Path folder = Path.of("");
  private Ground ground = new Ground(folder, TestServer.admin());

  @BeforeEach
  void make() {
    ground = Ground.of(folder, TestServer.fresh("everything"));
    ground.sql(EVERYTHING);
  }

  @AfterEach
  void drop() {
    ground.drop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"swap", "in-place"})
  void everythingComesBack(String strategy) {
    String before = schema();
    ground.expect(0, "create-backup", "--level", "sound");
    ground.sql(
        "delete from app.people",
        "truncate app.events",
        "drop table app.ruled",
        "drop materialized view app.later",
        "select lo_unlink(4711)",
        "drop publication news");

    Cli.Result restored =
        ground.expect(0, "backup-restore", "latest", "--strategy", strategy, "--yes");

    assertThat(restored.err()).doesNotContain("not restored");
    assertThat(schema()).isEqualTo(before);
    assertThat(ground.number("select count(*) from app.events")).isEqualTo(3000);
    assertThat(ground.number("select sum(count) from app.moods")).isEqualTo(300);
    // A second backup of what came back holds the same.
    ground.expect(0, "create-backup", "--level", "restored");
  }

  /** What pg_dump says of everything but the rows. */
  private String schema() {
    Program dump = new Program(folder).on(ground.live);
    Cli.Result result =
        dump.run(
            List.of(
                ground.realTools().resolve("pg_dump").toString(),
                "--schema-only",
                "--no-comments"));
    assertThat(result.status()).as(result.err()).isZero();
    return result.out().replaceAll("(?m)^\\\\(un)?restrict .*$", "");
  }
}
