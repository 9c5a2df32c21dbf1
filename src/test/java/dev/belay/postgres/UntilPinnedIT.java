package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.support.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UntilPinnedIT {
  private static final String OUTLASTS_THE_LIMIT = "select pg_catalog.pg_sleep(30)";

  private Connection session;
  private int tries;

  @BeforeEach
  void open() throws SQLException {
    session = JdbcDatabases.connect(TestServer.admin(), "belay-test");
    execute("set statement_timeout = 1");
    tries = 0;
  }

  @AfterEach
  void close() throws SQLException {
    session.close();
  }

  @Test
  void whatTheServerCanceledIsSaidAgain() throws SQLException {
    String said =
        UntilPinned.run(session, () -> execute(tries < 3 ? OUTLASTS_THE_LIMIT : "set jit = off"));
    assertThat(said).isEqualTo("set jit = off");
    assertThat(tries).isGreaterThan(3);
  }

  @Test
  void aTransactionThatTheSessionBeganByItselfBeginsAgain() throws SQLException {
    session.setAutoCommit(false);
    UntilPinned.run(session, () -> execute(tries < 3 ? OUTLASTS_THE_LIMIT : "set jit = off"));
    assertThat(tries).isGreaterThan(3);
  }

  @Test
  void whatIsCanceledAgainAndAgainIsAnError() {
    assertThatThrownBy(() -> UntilPinned.run(session, () -> execute(OUTLASTS_THE_LIMIT)))
        .satisfies(error -> assertThat(SqlState.QUERY_CANCELED.isOf(error)).isTrue());
    assertThat(tries).isEqualTo(UntilPinned.TRIES);
  }

  @Test
  void anyOtherErrorIsNotRepeated() throws SQLException {
    execute("set statement_timeout = 0");
    tries = 0;
    assertThatThrownBy(() -> UntilPinned.run(session, () -> execute("set no.such")))
        .isInstanceOf(SQLException.class);
    assertThat(tries).isEqualTo(1);
  }

  private String execute(String sql) throws SQLException {
    tries++;
    try (Statement statement = session.createStatement()) {
      statement.execute(sql);
      return sql;
    }
  }
}
