package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Identifier;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseDrop;
import dev.belay.support.Cli;
import dev.belay.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody dropped the database: it comes back with all that belongs to it. */
@Timeout(300)
class GoneDatabaseIT {
  private static final String CANARY = "canary-setting-8642";
  private static final Identifier OWNER = new Identifier("gone \"owner");
  private static final Identifier APP = new Identifier("gone; app");
  private static final Identifier LEFT = new Identifier("gone too");

  @TempDir private Path folder = Path.of("");
  private Ground ground = new Ground(folder, TestServer.admin());
  private Identifier name = new Identifier("postgres");

  @BeforeEach
  void make() throws IOException {
    ground = Ground.of(folder, TestServer.fresh("Gone \"one"));
    name = new Identifier(ground.live.database());
    ground.sql(
        "create role " + OWNER,
        "create role " + APP,
        "create role " + LEFT,
        "alter database " + name + " owner to " + OWNER,
        "alter database " + name + " connection limit 33",
        "alter database " + name + " set search_path = \"Odd, one\", public",
        "alter database " + name + " set \"app.jwt_secret\" = '" + CANARY + "'",
        "alter role " + APP + " in database " + name + " set statement_timeout = '7s'",
        "revoke all on database " + name + " from public",
        "grant connect on database " + name + " to " + APP,
        "grant connect, temporary on database " + name + " to " + LEFT,
        "comment on database " + name + " is 'it''s precious'");
    ground.expect(0, "create-backup");
    try (Database session = ground.maintenance()) {
      DatabaseDrop.now(session, name.name());
      session.execute("drop role " + LEFT);
    }
  }

  @AfterEach
  void drop() {
    ground.drop();
    try (Database session = ground.maintenance()) {
      session.execute("drop role if exists " + OWNER);
      session.execute("drop role if exists " + APP);
      session.execute("drop role if exists " + LEFT);
    }
  }

  @Test
  void itComesBackWithAllThatBelongsToIt() throws IOException {
    Cli.Result plan = ground.expect(0, "backup-restore", "latest", "--dry-run");
    assertThat(plan.err()).contains("there is no such database now", "the setting app.jwt_secret");

    Cli.Result result = ground.expect(0, "backup-restore", "latest", "--yes");

    assertThat(result.err())
        .contains("what the role gone too had of it: there is no such role")
        .contains("the setting app.jwt_secret is in no backup");
    ground.assertOrders(Ground.ORDERS);
    try (Database session = ground.maintenance()) {
      assertThat(
              session.text(
                  "select pg_catalog.concat_ws('|', pg_catalog.pg_get_userbyid(d.datdba),"
                      + " d.datconnlimit, d.datacl,"
                      + " pg_catalog.shobj_description(d.oid, 'pg_database'),"
                      + " (select pg_catalog.string_agg(s.setconfig::text, '|')"
                      + " from pg_catalog.pg_db_role_setting s where s.setdatabase = d.oid))"
                      + " from pg_catalog.pg_database d where d.datname = "
                      + Identifier.literal(name.name())))
          .startsWith(OWNER.name() + "|33|")
          .contains("gone; app", "|it's precious|", "statement_timeout=7s", "Odd, one")
          .doesNotContain("{=", ",=", CANARY);
    }
    ground.assertNothingLeft();
    assertThat(
            Files.readString(
                folder
                    .resolve("backups")
                    .resolve(ground.backups().get(0))
                    .resolve("manifest.json")))
        .contains("app.jwt_secret")
        .doesNotContain(CANARY);
  }
}
