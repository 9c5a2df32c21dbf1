package dev.belay.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import dev.belay.core.Identifier;
import dev.belay.core.Target;
import dev.belay.postgres.Database;
import dev.belay.postgres.DatabaseDrop;
import dev.belay.postgres.Databases;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.postgres.ServerInfo;
import dev.belay.support.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DatabasePropertiesIT {
  private static final Identifier OWNER = new Identifier("Own\"er'; --");
  private static final Identifier READER = new Identifier("reader Ü");

  private final Databases databases = new JdbcDatabases("properties-test");
  private final Target admin = TestServer.admin();
  private Database session = databases.open(admin);
  private Target source = admin;
  private Target copy = admin;

  @BeforeEach
  void create() {
    session = databases.open(admin);
    dropRoles();
    session.execute("create role " + OWNER);
    session.execute("create role " + READER);
    source = TestServer.fresh("source");
    copy = admin.withDatabase(source.database().substring(1));
  }

  @AfterEach
  void drop() {
    DatabaseDrop.now(session, source.database());
    DatabaseDrop.now(session, copy.database());
    dropRoles();
    session.close();
  }

  @Test
  void everythingThatBelongsToTheDatabaseItselfIsCarriedOver() {
    Identifier name = new Identifier(source.database());
    session.execute("alter database " + name + " owner to " + OWNER);
    session.execute("alter database " + name + " connection limit 7");
    session.execute("alter database " + name + " is_template true");
    session.execute("comment on database " + name + " is 'a \\ ''b'''");
    session.execute("revoke all on database " + name + " from public");
    session.execute("revoke temporary on database " + name + " from " + OWNER);
    session.execute("grant connect on database " + name + " to " + READER + " with grant option");
    session.execute(
        "alter database " + name + " set search_path = \"a,\"\"b\", '$user', public, ''");
    session.execute("alter database " + name + " set work_mem = '12MB'");
    session.execute("alter database " + name + " set \"my.app\" = 'x=y, \\ \"z\" ''q'''");
    session.execute("alter database " + name + " set default_transaction_read_only = on");
    session.execute(
        "alter role " + READER + " in database " + name + " set statement_timeout = '3s'");

    DatabaseProperties before = DatabaseProperties.of(session, source.database());
    Identifier copied = new Identifier(copy.database());
    session.execute(before.createStatement(copied, ServerInfo.of(session).major()));
    before.rehearse(session, copy.database());
    assertThat(DatabaseProperties.of(session, copy.database()).settings()).isEmpty();
    before.applyTo(session, copy.database());

    DatabaseProperties after = DatabaseProperties.of(session, copy.database());
    assertThat(after).usingRecursiveComparison().ignoringFields("comment").isEqualTo(before);
    assertThat(before.comment()).hasValue("a \\ 'b'");
    assertThat(before.settings()).hasSize(5);
  }

  @Test
  void aDatabaseWithoutAnythingSpecialGetsNothingSpecial() {
    DatabaseProperties plain = DatabaseProperties.of(session, source.database());
    assertThat(plain.grants()).isEmpty();
    assertThat(plain.statements(new Identifier("x"))).isEmpty();
  }

  @Test
  void whatMayNotBeGivenIsFoundByTheRehearsal() {
    session.execute("alter role " + OWNER + " login createdb");
    Identifier name = new Identifier(source.database());
    session.execute("alter database " + name + " owner to " + OWNER);
    session.execute("alter database " + name + " set log_statement = 'all'");
    DatabaseProperties properties = DatabaseProperties.of(session, source.database());
    Target asOwner =
        new Target(
            admin.host(),
            admin.port(),
            admin.database(),
            OWNER.name(),
            admin.password(),
            admin.tls(),
            10);
    try (Database owner = databases.open(asOwner)) {
      owner.execute(
          properties.createStatement(
              new Identifier(copy.database()), ServerInfo.of(owner).major()));
      assertThatThrownBy(() -> properties.rehearse(owner, copy.database()))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("log_statement");
    }
  }

  private void dropRoles() {
    session.execute("drop role if exists " + OWNER);
    session.execute("drop role if exists " + READER);
  }
}
