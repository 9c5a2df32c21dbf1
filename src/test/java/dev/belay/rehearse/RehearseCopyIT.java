package dev.belay.rehearse;

import static dev.belay.rehearse.RehearseRig.migration;
import static dev.belay.rehearse.RehearseRig.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.app.Main;
import dev.belay.core.Identifier;
import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.Await;
import dev.belay.support.ChildJvm;
import dev.belay.support.Cli;
import dev.belay.support.PgVariables;
import dev.belay.support.TestServer;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** How copies are made, and what they must not do to the server that others use, too. */
@Timeout(120)
class RehearseCopyIT {
  private static final String COPYING =
      "select exists (select from pg_stat_activity where query like 'create database \"belay\\_scratch%' and state = 'active' and wait_event_type = 'Lock')";

  @TempDir Path folder;
  private RehearseRig rig;
  private Database admin;

  @BeforeEach
  void migrate() {
    admin = new JdbcDatabases("belay-test").open(TestServer.admin());
    rig = new RehearseRig(folder);
    rig.write("V1__initial.sql", "create table orders (id integer primary key, note text);")
        .migrate()
        .sql("insert into public.orders select i, 'n' from generate_series(1, 10) i")
        .write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;");
  }

  @AfterEach
  void close() {
    try {
      assertThat(RehearseRig.scratch()).isEmpty();
    } finally {
      admin.close();
      rig.close();
    }
  }

  /** Holds a lock for which a copy of the live database waits, and a session with it does not. */
  private Database keptFromBeingCopied() {
    Database holder = new JdbcDatabases("belay-test").open(TestServer.admin());
    holder.execute("begin");
    holder.execute(
        "comment on database " + new Identifier(rig.live().database()) + " is 'not now'");
    return holder;
  }

  @Test
  void aSignalEndsTheCopyingOnTheServerToo() throws Exception {
    Map<String, String> environment = PgVariables.of(rig.live());
    try (Database holder = keptFromBeingCopied()) {
      Process run = ChildJvm.start("", Main.class, folder, environment, "rehearse");
      Await.until("it is copied", () -> admin.test(COPYING), run);
      assertThat(run.toHandle().destroy()).isTrue();
      run.getInputStream().transferTo(OutputStream.nullOutputStream());

      assertThat(run.waitFor()).isEqualTo(143);
      // The server takes its time to end what it was told to end.
      Await.within(Duration.ofSeconds(10), "it is copied no more", () -> !admin.test(COPYING));
      holder.rollback();
    }
    TestServer.awaitEndOfRuns();
  }

  @Test
  void aCopyThatKeepsOthersOutForTooLongIsGivenUpAndABackupTaken() {
    rig.cli().expect(0, "create-backup");
    TestServer.awaitEndOfSessions(rig.live());
    try (Database holder = keptFromBeingCopied()) {
      JsonNode report = rig.json(0, "rehearse", "--set", "scratch.copyTimeout=300ms");

      assertThat(report.get("origin").get("backup").isNull()).isFalse();
      assertThat(texts(report.get("notes")).toString())
          .contains("it was not copied within 300 ms, in which nobody could connect to it");
      assertThat(
              rig.cli()
                  .expect(11, "rehearse", "--from-live", "--set", "scratch.copyTimeout=300ms")
                  .err())
          .contains("cannot be copied: it was not copied within");
      holder.rollback();
    }
  }

  @Test
  void withoutRoomForASecondCopyOneDoes() {
    // A name by which nobody takes the server's disks for this machine's.
    Cli cli = rig.cli().with("PGHOST", "LOCALHOST");

    Cli.Result result =
        cli.expect(0, "rehearse", "--set", "scratch.keep=0", "--set", "scratch.room=12MB");

    assertThat(result.out())
        .contains("no second copy was made (there is no room for it: ")
        .contains("what is lost is counted in whole tables");
    assertThat(cli.expect(12, "rehearse", "--set", "scratch.room=5MB").err())
        .contains(
            "the server has 5.0 MB of disk space left, and a copy in which migrations are tried needs some");
  }

  @Test
  void roomForTheLargestTableWrittenAnewIsAskedForBeforeAnythingIsCopied() {
    rig.sql(
        "insert into public.orders select i, repeat('n', 100) from generate_series(11, 40000) i",
        "vacuum analyze public.orders");
    rig.cli().expect(0, "create-backup");
    long room;
    try (Database live = rig.open()) {
      room = live.number("select pg_database_size(current_database()) * 5 / 4 / 1000000 + 1");
    }
    TestServer.awaitEndOfSessions(rig.live());
    Cli cli = rig.cli().with("PGHOST", "LOCALHOST");

    Cli.Result result = cli.expect(11, "rehearse", "--set", "scratch.room=" + room + "MB");

    assertThat(result.err())
        .contains("not copied from the live database: the server has ")
        .contains("of disk space left, and the copy needs some ")
        .doesNotContain("restoring");
  }

  @Test
  void aSessionOfBelaysOwnThatIsAboutToGoIsWaitedFor() throws Exception {
    List<Cli.Result> results = new CopyOnWriteArrayList<>();
    Thread run = new Thread(() -> results.add(rig.cli().run("rehearse", "--from-live")));
    try (Database closing = new JdbcDatabases("belay:0123456789ab").open(rig.live())) {
      run.start();
      TestServer.await(
          admin,
          "select exists (select from pg_stat_activity where query like '%autovacuum worker%' and application_name like 'belay:%')");
      assertThat(closing.number("select 1")).isOne();
    }
    run.join();

    assertThat(results.get(0).status()).as(results.get(0).err()).isZero();
  }

  @Test
  void aRoleThatMayNotCopyOrCreateIsToldSo() {
    String owner = "rehearse_owner_" + ProcessHandle.current().pid();
    String role = "rehearse_role_" + ProcessHandle.current().pid();
    Target live = rig.live();
    admin.execute("create role " + owner);
    admin.execute("create role " + role + " login noinherit createdb password 'secret'");
    try {
      admin.execute("grant " + owner + " to " + role);
      admin.execute("alter database " + new Identifier(live.database()) + " owner to " + owner);
      rig.sql("grant select on all tables in schema public to " + role);
      Target as =
          new Target(
              live.host(),
              live.port(),
              live.database(),
              role,
              Optional.of(new Secret("secret")),
              live.tls(),
              live.connectTimeoutSeconds());

      assertThat(rig.cli().on(as).expect(12, "rehearse").err())
          .contains("there is nothing to make a copy of")
          .contains(role + " is neither its owner nor a superuser");
      admin.execute("alter role " + role + " nocreatedb");
      assertThat(rig.cli().on(as).expect(12, "rehearse").err())
          .contains("a rehearsal needs a scratch database, and " + role + " may not create one")
          .contains("scratch.server=embedded");
    } finally {
      rig.sql("revoke all on all tables in schema public from " + role);
      admin.execute("alter database " + new Identifier(live.database()) + " owner to current_user");
      admin.execute("drop role " + role);
      admin.execute("drop role " + owner);
    }
  }

  @Test
  void whatReachesOtherDatabasesFromACopyIsTakenOutOfIt() {
    String reached = "reached_" + ProcessHandle.current().pid();
    rig.sql(
        "create extension dblink schema public",
        "create extension postgres_fdw schema public",
        "create server \"other server\" foreign data wrapper postgres_fdw options (dbname 'postgres')",
        "create user mapping for current_user server \"other server\" options (password 'canary')",
        "create user mapping for public server \"other server\"",
        "create function public.beyond() returns void language plpgsql as $$ begin perform public.dblink_exec('host=%s port=%d user=%s dbname=postgres password=%s', 'create table if not exists public.%s ()'); end $$"
            .formatted(
                rig.live().host(),
                rig.live().port(),
                rig.live().user(),
                rig.live().password().map(Secret::reveal).orElse("none"),
                reached),
        "create function public.told() returns trigger language plpgsql as $$ begin perform public.beyond(); return new; end $$",
        "create function public.ddl() returns event_trigger language plpgsql as $$ begin perform public.beyond(); end $$",
        "create view public.seen as select id + 0 as id from public.orders",
        "create trigger \"i o\" instead of insert on public.seen for each row execute function public.told()",
        "create trigger \"t t\" before update on public.orders for each row execute function public.told()",
        "create event trigger rehearse_all on ddl_command_end execute function public.ddl()");
    admin.execute("drop table if exists public." + reached);
    rig.write(
        "V2__state.sql",
        "alter table orders add column state text; update orders set note = note;");

    JsonNode report = rig.json(0, "rehearse", "--concurrent");

    assertThat(migration(report, "V2").get("verdict").asString()).isEqualTo("proven");
    assertThat(admin.test("select to_regclass('public.' || ?) is null", reached)).isTrue();
    assertThat(texts(report.get("notes")))
        .contains(
            "disabled in the copy, since they reach beyond the database: the event trigger rehearse_all, the trigger \"t t\" of public.orders",
            "what a script calls by itself is not held back: it reaches beyond the copy by the trigger \"i o\" of public.seen, public.beyond, public.ddl, public.told, the extension dblink",
            "the copy has no user mappings, so that nothing is written on other servers: a script fails there that needs those of other server");
  }

  @Test
  void aTriggerThatAScriptMakesAgainFiresInNoScriptAfterIt() {
    String reached = "reached_again_" + ProcessHandle.current().pid();
    String call =
        "select public.dblink_exec('host=%s port=%d user=%s dbname=postgres password=%s', 'create table if not exists public.%s ()');"
            .formatted(
                rig.live().host(),
                rig.live().port(),
                rig.live().user(),
                rig.live().password().map(Secret::reveal).orElse("none"),
                reached);
    String trigger =
        "drop trigger if exists told on public.orders; create trigger told before update on public.orders for each row execute function public.told();";
    // Since version 14 such a body is kept as what it was understood as.
    boolean atomic = admin.test("select current_setting('server_version_num')::integer >= 140000");
    admin.execute("drop table if exists public." + reached);
    rig.sql(
        "create extension dblink schema public",
        "create function public.beyond() returns text language sql "
            + (atomic ? "begin atomic " + call + " end" : "as $$ " + call + " $$"),
        "create function public.told() returns trigger language plpgsql as $$ begin perform public.beyond(); return new; end $$",
        trigger);
    rig.write("V2__state.sql", trigger)
        .write("U2__state.sql", trigger)
        .write("V3__rows.sql", "update orders set note = note;")
        .write("U3__rows.sql", "update orders set note = note;");

    JsonNode report = rig.json(0, "rehearse");

    assertThat(migration(report, "V2").get("verdict").asString()).isEqualTo("proven");
    assertThat(admin.test("select to_regclass('public.' || ?) is null", reached)).isTrue();
    assertThat(texts(report.get("notes")))
        .contains(
            "disabled in the copy, since they reach beyond the database: the trigger told of public.orders",
            "made by a script, and disabled in the copy after it, since they reach beyond the database: the trigger told of public.orders; within that script they fire");
  }

  @Test
  void aRestoredCopyHasPublicationsAndSaysWhatItHasNot() {
    rig.sql(
        "create publication cdc for table public.orders",
        "create function public.ddl() returns event_trigger language plpgsql as $$ begin end $$",
        "create event trigger rehearse_told on ddl_command_end execute function public.ddl()");
    rig.write(
            "V2__state.sql",
            "create table invoices (id integer); alter publication cdc add table invoices;")
        .write("U2__state.sql", "drop table invoices;");
    rig.cli().expect(0, "create-backup");

    JsonNode report = rig.json(0, "rehearse", "--from-backup");

    assertThat(migration(report, "V2").get("verdict").asString()).isEqualTo("proven");
    assertThat(texts(report.get("notes")).toString())
        .contains("not restored in the copy: EVENT TRIGGER - rehearse_told");
  }

  @Test
  @Timeout(240)
  void aRestoredCopyOutOfWhichItCannotBeTakenIsNotRehearsed() throws Exception {
    rig.sql(
        "create function public.told() returns trigger language plpgsql as $$ begin perform dblink_exec('x', 'y'); return new; end $$",
        "create trigger told before update on public.orders for each row execute function public.told()");
    rig.cli().expect(0, "create-backup");

    Refused rehearsal = refusedToCut("rehearse", "--from-backup");
    assertThat(rehearsal.status()).isEqualTo(11);
    assertThat(rehearsal.output())
        .contains("error: the copy reaches beyond itself by the trigger told of public.orders")
        .contains("may not take that out: not in this house")
        .contains("state: the database was not changed")
        .contains("--set scratch.url=postgresql://")
        .doesNotContain("applying V2__state");

    // A restore is proven all the same: of its rows nothing else was to be found out.
    Refused drill = refusedToCut("drill", "--no-amcheck");
    assertThat(drill.status()).isEqualTo(12);
    assertThat(drill.output())
        .contains("migrations and undo: the copy reaches beyond itself by the trigger told")
        .contains("Proven     the restore of ")
        .doesNotContain("copy the live database instead", "applying V2__state");
    assertThat(rig.json(0, "list-backups").get("backups").get(0).get("level").asString())
        .isEqualTo("restored");
  }

  private record Refused(int status, String output) {}

  /** Runs belay on a server that does not let it disable a trigger in the copy that it restores. */
  private Refused refusedToCut(String... arguments) throws Exception {
    Path held = folder.resolve("held");
    Map<String, String> environment = PgVariables.of(rig.live());
    environment.put("JAVA_TOOL_OPTIONS", "-Dbelay.failpoint.held=" + held);
    Process run = ChildJvm.start("rehearse-scratch", Main.class, folder, environment, arguments);
    try {
      Await.until("it holds before its rehearsal", () -> Files.exists(held), run);
      String copy = RehearseRig.scratch().get(0);
      try (Database session =
          new JdbcDatabases("belay-test").open(TestServer.admin().withDatabase(copy))) {
        session.execute(
            "create function public.kept() returns event_trigger language plpgsql as $$ begin"
                + " if current_query() ilike '%disable trigger%' then"
                + " raise insufficient_privilege using message = 'not in this house'; end if; end $$");
        session.execute(
            "create event trigger rehearse_kept on ddl_command_start when tag in ('ALTER TABLE')"
                + " execute function public.kept()");
      }
    } catch (Throwable broken) {
      run.destroyForcibly();
      throw broken;
    } finally {
      Files.deleteIfExists(held);
    }
    String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = run.waitFor();
    TestServer.awaitEndOfRuns();
    assertThat(RehearseRig.scratch()).isEmpty();
    return new Refused(status, output);
  }

  @Test
  void aServerThatIsLostDuringAnUndoIsNoFaultOfTheScript() throws Exception {
    rig.write("U2__state.sql", "alter table orders drop column state; select pg_sleep(61);");

    Cli.Result result = rig.whereTheServerIsLostAt("%pg_sleep(61)%");

    assertThat(result.status()).isEqualTo(12);
    assertThat(result.err())
        .contains("error: U2__state.sql, line 1: the connection to belay_scratch_")
        .contains("state: the database was not changed");
  }
}
