package dev.belay.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.TestServer;
import dev.belay.undo.LiveTableQueries;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever checks may only read the live database. */
class ReadOnlyRoleIT {
  private final Identifier reader = new Identifier("reader \"Ü\" " + ProcessHandle.current().pid());

  @TempDir Path folder;
  private PendingRig rig;

  @BeforeEach
  void migrate() {
    rig = new PendingRig(folder);
    rig.write(
            "V1__initial.sql",
            "create table orders (id integer primary key, old text);"
                + " create table secret (id integer, old text);"
                + " create table hidden (id integer, old text);")
        .migrate()
        .sql(
            "insert into public.orders values (1, 'x'), (2, null)",
            "insert into public.secret select i, 'x' from generate_series(1, 500) i",
            "insert into public.hidden values (1, 'x'), (2, 'y')",
            "alter table public.hidden enable row level security",
            "analyze",
            "create role " + reader + " login",
            "revoke all on schema public from public",
            "grant usage on schema public to " + reader,
            "grant select on public.orders, public.hidden, public.flyway_schema_history to "
                + reader)
        .write(
            "V2__drop.sql",
            "alter table orders drop column old; alter table secret drop column old;"
                + " alter table hidden drop column old;")
        .write("U2__drop.sql", "alter table orders add column old text;")
        .as(
            new Target(
                rig.live().host(),
                rig.live().port(),
                rig.live().database(),
                reader.name(),
                rig.live().password(),
                rig.live().tls(),
                rig.live().connectTimeoutSeconds()));
  }

  @AfterEach
  void close() {
    rig.sql("drop owned by " + reader, "drop role " + reader);
    rig.close();
  }

  @Test
  void aRoleThatMayOnlyReadChecksWithAnotherRoleForTheScratchDatabase() {
    Target admin = TestServer.admin();
    rig.set("scratch.server", "other")
        .set(
            "scratch.url",
            "postgresql://%s@%s:%d/postgres".formatted(admin.user(), admin.host(), admin.port()));
    PendingRisk risk = PendingRig.pending(rig.check(), "V2");

    assertThat(risk.losses())
        .extracting(Loss::of, loss -> loss.amount().exact())
        .containsExactly(
            tuple("public.hidden.old", false),
            tuple("public.orders.old", true),
            tuple("public.secret.old", false));
    // What may not be counted is never taken for empty.
    assertThat(PendingRig.risks(risk))
        .contains(
            "critical data-destroyed: drops column public.orders.old with 1 live value",
            "critical data-destroyed: drops column public.secret.old with an unknown number of live values",
            "critical data-destroyed: drops column public.hidden.old with an unknown number of live values");
    assertThat(risk.undo().verdict()).isEqualTo(UndoVerdict.differs);
    try (Database live = rig.open()) {
      assertThat(live.number("select count(old) from public.orders")).isEqualTo(1);
    }
  }

  @Test
  void aRoleThatMayCreateDatabasesNeedsNothingElse() {
    rig.sql("alter role " + reader + " createdb");

    assertThat(PendingRig.pending(rig.check(), "V2").replayed()).isTrue();
    assertThat(left()).isEmpty();
  }

  @Test
  void withoutTheRightToCreateDatabasesItSaysWhatIsMissing() {
    assertThatThrownBy(rig::check)
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
              assertThat(failure.message()).contains("permission denied to create database");
              assertThat(failure.state()).isEqualTo(Failure.UNCHANGED);
            });
  }

  @Test
  void theSessionWithTheLiveDatabaseCannotWrite() {
    try (Database live = rig.open()) {
      LiveTableQueries.readOnly(live, Duration.ofSeconds(1));
      assertThatThrownBy(() -> live.execute("delete from public.orders"))
          .hasMessageContaining("read-only transaction");
    }
  }

  /** Scratch databases of that role. */
  private List<String> left() {
    try (Database session = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      return session.list(
          "select d.datname from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.oid = d.datdba"
              + " where r.rolname = ?",
          row -> row.getString(1),
          reader.name());
    }
  }
}
