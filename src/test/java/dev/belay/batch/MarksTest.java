package dev.belay.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.Failure;
import dev.belay.core.TableName;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import dev.belay.flyway.ParsedScript;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MarksTest {
  private static final Target NOWHERE =
      new Target("localhost", 1, "clinic", "app", Optional.empty(), Tls.PREFER, 1);

  private static Marks marks(String text) {
    return Marks.of(ParsedScript.of(BatchLab.app(), NOWHERE, "U4__x.sql", text), text);
  }

  @Test
  void aStatementIsCutAtItsRange() {
    BatchStatement statement =
        marks(
                """
                alter table a add b int;

                -- Why it is so.
                -- belay:batch table=public.a key=id alias=v
                update a v set b = 1 /* no */ where /* belay:range */ true and v.c ? 'x?';
                """)
            .batch(1)
            .orElseThrow();

    assertThat(statement.line()).isEqualTo(5);
    assertThat(statement.mark().table()).isEqualTo(new TableName("public", "a"));
    assertThat(statement.sql(List.of("bigint"), true).replaceAll("\\s+", " ").strip())
        .isEqualTo(
            "update a v set b = 1 where (\"v\".\"id\" > cast(? as bigint) and \"v\".\"id\" <="
                + " cast(? as bigint)) and v.c ?? 'x?'");
  }

  @Test
  void namesInQuotesMayHoldAnything() {
    BatchMark mark =
        marks(
                """
                -- belay:batch table="a b"."c,d=.""e" key="x y",Plain repeatable=yes
                delete from "a b"."c,d=.""e" where /*belay:range*/ TRUE
                """)
            .batch(0)
            .orElseThrow()
            .mark();

    assertThat(mark.table()).isEqualTo(new TableName("a b", "c,d=.\"e"));
    assertThat(mark.key()).containsExactly("x y", "plain");
    assertThat(mark.repeatable()).isTrue();
  }

  @Test
  void aRangeInQuotesOrInACommentIsNone() {
    BatchStatement statement =
        marks(
                """
                -- belay:batch table=public.a key=id
                -- It has /* belay:range */ true once.
                insert into b select '/* belay:range */ true', $x$/* belay:range */ true$x$
                  from a where /* belay:range */ true
                """)
            .batch(0)
            .orElseThrow();

    assertThat(statement.before()).contains("$x$/* belay:range */ true$x$");
    assertThat(statement.after()).isBlank();
  }

  @Test
  void twoColumnsAreKeptEqual() {
    SyncMark mark =
        marks(
                """
                -- belay:sync table=public.v new=phone_e164 old="Phone" up=('+' || "Phone") down=(substr(phone_e164, 2))

                select 1;
                """)
            .syncs()
            .get(0);

    assertThat(mark.oldColumn()).isEqualTo("Phone");
    assertThat(mark.up()).contains("'+' || \"Phone\"");
    assertThat(mark.down()).contains("substr(phone_e164, 2)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "-- belay:batsch table=public.a key=id|line 1: belay:batsch: there is no such line",
        "-- belay:batch table=a key=id|table=a is not schema.table",
        "-- belay:batch table=public.a|key=… is missing",
        "-- belay:batch table=public.a key=id size=5|'size' is not known",
        "-- belay:batch table=public.a key=id key=id|key= is there twice",
        "-- belay:batch table=public.a key=\"id|a quote or a parenthesis is not closed",
        "-- belay:batch table=public.a key=id repeatable=maybe|neither yes nor no",
        "-- belay:batch table=public.a key=|key= has no value",
        "-- belay:batch|table=… is missing",
        "-- belay:sync table=public.a new=b old=b|new= and old= are the same column",
        "-- belay:sync table=public.a new=b old=c up=upper(c)|is not an expression in parentheses",
      })
  void aLineThatCannotBeReadIsRefusedWithItsPlace(String line, String message) {
    assertThatThrownBy(() -> marks(line + "\nupdate a set b = 1 where /* belay:range */ true"))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(message)
        .hasMessageContaining("U4__x.sql, line 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "update a set b = 1|must have it once",
        "update a set b = 1 where /* belay:range */ false|there is no true",
        "update a set b = 1 where /* belay:range */ trueish|there is no true",
        "update a set b = 1 where /* belay:range */ true or /* belay:range */ true|2 times",
        "truncate a|'truncate' cannot be run in batches",
        "update a set b = 1 where /* belay:range */ true Returning id|it gives rows",
        "with b as (delete from a where /* belay:range */ true returning id) select id from b|it gives rows",
      })
  void aStatementThatCannotBeCutIsRefusedWithItsLine(String statement, String message) {
    assertThatThrownBy(() -> marks("-- belay:batch table=public.a key=id\n" + statement))
        .isInstanceOf(Failure.class)
        .hasMessageContaining(message)
        .hasMessageContaining("U4__x.sql, line 2");
  }

  @Test
  void whatIsChangedWithinParenthesesIsNotCountedAndSoNotRepeated() {
    String moved =
        "with b as (delete from a where /* belay:range */ true returning id) insert into c select id from b";

    assertThat(marks("-- belay:batch table=public.a key=id\n" + moved).hasBatches()).isTrue();
    assertThatThrownBy(() -> marks("-- belay:batch table=public.a key=id repeatable=yes\n" + moved))
        .hasMessageContaining("may not change anything within parentheses");
  }

  @Test
  void aLineThatStandsAboveNothingIsRefused() {
    assertThatThrownBy(() -> marks("select 1;\n-- belay:batch table=public.a key=id\n"))
        .hasMessageContaining("1 of its 1 lines -- belay:… stand above no statement");
    assertThatThrownBy(
            () ->
                marks(
                    "-- belay:batch table=public.a key=id\n\n"
                        + "update a set b = 1 where /* belay:range */ true"))
        .hasMessageContaining("there is a blank line between it and its statement");
  }
}
