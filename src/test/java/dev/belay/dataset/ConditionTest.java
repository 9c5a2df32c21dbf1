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
        "price$ = 1 and a$b = 2",
        "note = E'a''\\\\' and (b)",
        "note = E'a''\\'' or b",
        "note = U&'\\0041'';)' or U&\"a;)\" = 1",
        "placed > date'2024-01-01' and n'a' = b",
        "a = 1 /* /* ' */ ; */ and b = '/*'",
        "note = $\u00e9$ ';) $\u00e9$",
        "$$'$$ = E'\\';)'",
        "note = 'a'\n'b'"
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
        "xE'\\'; select 1 --'",
        "E'a''\\'' is not null) to stdout; commit; begin read write; delete from orders; commit; --'",
        "E'a'\n'\\'' is not null) to stdout; commit; delete from orders; --'",
        "E'a' -- x\n '\\'' is not null) to stdout; commit; --'",
        "$$x$$E'\\'' is null) to stdout; commit; --'",
        "1E'\\' or ') to stdout; commit; --'",
        "a = 1$$ ' $$) to stdout; commit; --'",
        "a = $\u0661$ ' $\u0661$) to stdout; commit; --'",
        "U&'\\'; select 1 --'",
        "note = E'\\\\'; select 1 --'"
      })
  void whatCouldEndTheStatementIsRefused(String sql) {
    assertThatThrownBy(() -> new Condition(sql)).isInstanceOf(Failure.class);
  }
}
