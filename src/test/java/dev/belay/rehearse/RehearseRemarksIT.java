package dev.belay.rehearse;

import static dev.belay.rehearse.RehearseRig.migration;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.report.Json;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What goes wrong when all is found out is a remark, and hides nothing of what was. */
@Timeout(240)
class RehearseRemarksIT {
  private static final String GUEST = "rehearse-guest";

  @TempDir Path folder;
  private RehearseRig rig;

  @BeforeEach
  void migrate() {
    rig = new RehearseRig(folder);
    rig.write("V1__initial.sql", "create table orders (id integer primary key, note text);")
        .migrate()
        .sql("insert into public.orders select i, 'n' from generate_series(1, 10) i")
        .write("V2__state.sql", "alter table orders add column state text;")
        .write("U2__state.sql", "alter table orders drop column state;");
  }

  @AfterEach
  void close() {
    assertThat(RehearseRig.scratch()).isEmpty();
    rig.close();
  }

  @Test
  void recordsThatCannotBeWrittenHideNoResult() throws IOException {
    Path file = Files.writeString(folder.resolve("full"), "no folder");

    Cli.Result result =
        rig.cli()
            .expect(
                0, "rehearse", "--output", "json", "--set", "folders.migrationMonitoring=" + file);

    JsonNode report = Json.MAPPER.readTree(result.out()).get("result");
    assertThat(migration(report, "V2").get("verdict").asString()).isEqualTo("proven");
    assertThat(report.get("files")).isEmpty();
    assertThat(result.err())
        .contains("what was proven was not written down: ", "the report was not written: ");
  }

  @Test
  void aCopyThatCanNeitherStayNorGoHidesNoResult() throws InterruptedException {
    rig.write(
        "V2__state.sql",
        """
        alter table orders add column state text;
        do $$
        begin
          while not exists (select from pg_subscription where subname = 'rehearse_guest') loop
            perform pg_sleep(0.01);
          end loop;
        end $$;
        """);
    List<Cli.Result> results = new CopyOnWriteArrayList<>();
    Thread run =
        new Thread(
            () ->
                results.add(
                    rig.cli()
                        .run("rehearse", "--keep", "--output", "json", "--set", "scratch.keep=0")));
    run.start();
    Target copy = null;
    try (Database admin = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      String waiting =
          " from pg_stat_activity where datname like 'belay\\_scratch\\_%'"
              + " and query like '%rehearse_guest%' and state = 'active'";
      TestServer.await(admin, "select exists (select" + waiting + ")");
      copy = TestServer.admin().withDatabase(admin.text("select datname" + waiting));
      // Who is with it keeps it from being renamed, and what subscribes from being dropped.
      try (Database guest = new JdbcDatabases(GUEST).open(copy)) {
        guest.execute(
            "create subscription rehearse_guest connection 'dbname=nowhere' publication none"
                + " with (connect = false, slot_name = none)");
        run.join();
      }

      Cli.Result result = results.get(0);
      assertThat(result.status()).as(result.err()).isEqualTo(10);
      JsonNode report = Json.MAPPER.readTree(result.out()).get("result");
      // What the guest made is there after the undo, and was not before.
      JsonNode second = migration(report, "V2");
      assertThat(second.get("verdict").asString()).isEqualTo("schema-differs");
      assertThat(report.get("kept").isNull()).isTrue();
      assertThat(report.get("notes").toString()).contains("the copy does not stay: ");
      assertThat(result.err())
          .contains(
              "what was made for the rehearsal could not be dropped, which the next run of belay does: ");
    } finally {
      run.join();
      if (copy != null) {
        removed(copy);
      }
    }
  }

  private static void removed(Target copy) {
    try (Database session = new JdbcDatabases("belay-test").open(copy)) {
      session.execute("drop subscription rehearse_guest");
    }
    TestServer.awaitEndOfSessions(copy);
    try (Database admin = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      admin.execute("drop database " + new Identifier(copy.database()));
    }
  }
}
