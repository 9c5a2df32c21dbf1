package dev.belay.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "id = 1",
        "(a or b) and not (c)",
        "note = ';)' or note = 'it''s'",
        "note = E'\\';)' and \"col;)\" is null",
        "note = $$;)'$$ or note = $x$ $$ ; $x$",
        "a = 1 -- ; ) comment\n or b = 2",
        "a = 1 /* ; /* nested ) */ */",
        "doc ? 'key' and doc #> '{a}' is not null",
        "note like 'a\\' or b",
        "price$ = 1 and a$b = 2"
      })
  void oneExpressionIsTaken(String sql) {
    assertThat(new Condition(sql).sql()).isEqualTo(sql);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "true; drop table t",
        "true) or (true",
        "(true",
        "note = 'open",
        "note = E'open\\'",
        "\"open",
        "a /* open /* */",
        "note = $$ open",
        "note = $x$ open $$",
        "note = 'a\\'; drop table t; --'",
        "a = 1 -- \n; select 1",
        "xE'\\'; select 1 --'"
      })
  void whatCouldEndTheStatementIsRefused(String sql) {
    assertThatThrownBy(() -> new Condition(sql)).isInstanceOf(Failure.class);
  }
}
