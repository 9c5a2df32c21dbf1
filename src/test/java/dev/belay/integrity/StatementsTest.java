package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1",
        "select 1;",
        ";; select 1 ; ; -- end",
        "select ';'",
        "select 'it''s;'",
        "select E'\\';'",
        "select e'\\\\' as \"a;\"\"b\"",
        "select $$;$$",
        "select $tag$ ; $$ ; $tag$",
        "select $ä$;$ä$",
        "select a$b$c from t where x = $1",
        "select 1 /* ; /* ; */ ; */",
        "select 1 -- ;",
        "select name'\\' from t",
        "select U&'d\\0061t' , x'1;' , b'0'",
        "/* only */ select 1",
        "select 'a'\n'b;'",
      })
  void oneStatementIsOne(String text) throws Statements.Unended {
    assertThat(Statements.of(text)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select 1; select 2",
        "select 1 /* */; commit",
        "select $$ $$; commit",
        "select a$$b; commit; select c$$",
        "select 1 -- \n; commit",
        "select \"a\"; commit",
        "select e'\\''; commit"
      })
  void moreStatementsAreMore(String text) throws Statements.Unended {
    assertThat(Statements.of(text)).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ; ;", "-- nothing", "/* ; */"})
  void commentsAloneAreNone(String text) throws Statements.Unended {
    assertThat(Statements.of(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"select 'x", "select \"x", "select $$x", "select 1 /* /* */", "select E'x\\'"})
  void whatHasNoEndIsRefused(String text) {
    assertThatThrownBy(() -> Statements.of(text)).hasMessageContaining("without an end");
  }

  @Test
  void theStatementIsGivenAsItStands() throws Statements.Unended {
    assertThat(Statements.of("-- c\nselect 1 ; ")).containsExactly("-- c\nselect 1 ");
  }
}
