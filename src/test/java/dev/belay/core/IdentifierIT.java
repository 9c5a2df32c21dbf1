package dev.belay.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.postgres.Database;
import dev.belay.postgres.JdbcDatabases;
import dev.belay.support.TestServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifierIT {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain",
        "Upper",
        "two words",
        "\"; drop table x; --",
        "''",
        "back\\slash",
        "\\'; select 1; --",
        "tab\tand\nline",
        "$$dollar$1",
        "select",
        "ünïcödé 漢字 \uD83D\uDE00",
        "e\u0301 \u202e",
        "123456789012345678901234567890123456789012345678901234567890123"
      })
  void theServerReadsBackWhatWasQuoted(String text) {
    try (Database database = new JdbcDatabases("belay-test").open(TestServer.admin())) {
      Identifier name = new Identifier(text);
      String alias =
          database.one("select 1 as " + name, row -> row.getMetaData().getColumnLabel(1));
      assertThat(alias).isEqualTo(text);
      String byServer = database.text("select quote_ident(?)", text);
      assertThat(name.toString()).isIn(byServer, '"' + byServer + '"');
      assertThat(database.text("select " + Identifier.literal(text))).isEqualTo(text);
      assertThat(Identifier.literal(text).strip())
          .isEqualTo(database.text("select quote_literal(?)", text));
      database.execute("set standard_conforming_strings = off");
      database.execute("set backslash_quote = on");
      assertThat(database.text("select " + Identifier.literal(text))).isEqualTo(text);
    }
  }
}
