package dev.belay.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Secret;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.support.Cli;
import dev.belay.support.Cluster;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything by the owner of the database, who has CREATEDB and nothing else. */
@Timeout(300)
class OwnerIT {
  @TempDir private Path folder = Path.of("");
  private final Cluster cluster = Cluster.with().rule("host all all 127.0.0.1/32 trust").start();
  private Ground root = new Ground(folder, cluster.admin());
  private Ground owner = root;

  @BeforeEach
  void make() {
    new Ground(folder, cluster.admin())
        .sql(
            "create role \"the owner\" login createdb",
            "create role \"the app\" login",
            "create database shop owner \"the owner\"",
            "revoke connect on database shop from public",
            "grant connect on database shop to \"the app\"",
            "alter database shop set work_mem = '7MB'",
            "comment on database shop is 'precious'");
    Target admin = cluster.admin();
    root = new Ground(folder, admin.withDatabase("shop"));
    owner =
        Ground.of(
            folder,
            new Target(
                admin.host(),
                admin.port(),
                "shop",
                "the owner",
                Optional.<Secret>empty(),
                admin.tls(),
                10));
    owner.sql(
        "create extension pgcrypto schema public",
        "create extension pg_trgm schema public",
        "create schema app",
        "create table app.ruled (who text)",
        "alter table app.ruled enable row level security",
        "create policy mine on app.ruled using (who = current_user)",
        "insert into app.ruled values ('somebody')",
        "grant usage on schema app to \"the app\"",
        "grant select, insert on app.ruled, public.orders to \"the app\"");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void needsNoSuperuser() {
    owner.expect(0, "create-backup", "--level", "restored");
    owner.sql("delete from public.orders");

    Cli.Result planned = owner.expect(0, "backup-restore", "latest", "--dry-run");
    assertThat(planned.err()).contains("public.orders");
    owner.expect(0, "emergency-rollback", "--yes");
    owner.assertOrders(Ground.ORDERS);
    assertThat(owner.number("select count(*) from app.ruled")).isOne();
    try (Database session = root.open()) {
      assertThat(
              session.text(
                  "select pg_catalog.pg_get_userbyid(datdba) || ' ' || datacl::text || ' '"
                      + " || pg_catalog.shobj_description(oid, 'pg_database')"
                      + " from pg_catalog.pg_database where datname = 'shop'"))
          .startsWith("the owner ")
          .contains("the app")
          .endsWith("precious");
    }

    owner.expect(0, "list-replaced");
    owner.expect(0, "undo-restore", "--yes");
    owner.assertOrders(0);
    owner.expect(0, "discard-replaced", "all", "--yes");
    Cli.Result state = owner.program().run("verify-state");
    assertThat(state.status()).as(state.out()).isIn(0, 10, 12);
    owner.assertNothingLeft();
  }

  @Test
  void aRoleThatIsGoneIsNoFaultOfTheBackup() {
    owner.expect(0, "create-backup", "--level", "checksummed");
    owner.sql("revoke all on app.ruled, public.orders from \"the app\"");
    owner.sql("revoke all on schema app from \"the app\"");
    root.sql("revoke all on database shop from \"the app\"", "drop role \"the app\"");

    Cli.Result result = owner.expect(12, "validate-backup", "latest", "--level", "restored");

    assertThat(result.out())
        .contains("proven readable", "the role the app is missing on the server");
    Cli.Result refused = owner.expect(11, "backup-restore", "latest", "--yes");
    assertThat(refused.err()).contains("create role \"the app\"");
    owner.assertNothingLeft();
  }

  @Test
  void inPlaceNeedsNoneEither() {
    root.sql("alter role \"the owner\" nocreatedb", "create extension hstore schema public");
    owner.expect(0, "create-backup");
    owner.sql("delete from public.orders");
    owner.expect(0, "backup-restore", "latest", "--strategy", "in-place", "--yes");
    owner.assertOrders(Ground.ORDERS);
  }

  @Test
  void anExtensionThatOnlyASuperuserMayCreateIsSaidBefore() {
    root.sql("create extension pageinspect schema public");
    owner.expect(0, "create-backup");
    Cli.Result refused = owner.expect(11, "backup-restore", "latest", "--yes");
    assertThat(refused.err()).contains("only a superuser may create the extension pageinspect");
    owner.assertOrders(Ground.ORDERS);
  }

  @Test
  void aSettingThatOnlyASuperuserMayGiveIsSaidBeforeTheRestore() {
    owner.expect(0, "create-backup");
    root.sql("alter role \"the app\" in database shop set statement_timeout = '5s'");

    Cli.Result refused = owner.expect(11, "backup-restore", "latest", "--yes");

    assertThat(refused.err())
        .contains("the setting statement_timeout of the role the app of shop", "as a superuser");
    owner.assertOrders(Ground.ORDERS);
    owner.assertNothingLeft();

    root.sql("alter role \"the app\" in database shop reset statement_timeout");
    root.sql("alter role \"the owner\" in database shop set statement_timeout = '5s'");
    owner.expect(0, "backup-restore", "latest", "--yes");
    assertThat(
            root.number(
                "select count(*) from pg_catalog.pg_db_role_setting s"
                    + " join pg_catalog.pg_database d on d.oid = s.setdatabase"
                    + " where d.datname = 'shop'"))
        .isEqualTo(2);
  }
}
