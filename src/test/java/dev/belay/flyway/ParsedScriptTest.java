package dev.belay.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.config.AppSettings;
import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Scripts cut into statements. */
class ParsedScriptTest {
  private static ParsedScript parse(String text) {
    AppSettings app =
        new AppSettings(
            "shop",
            List.of("public"),
            List.of(),
            List.of(),
            List.of(),
            "public",
            "flyway_schema_history",
            Map.of("owner", "clerk"),
            Map.of());
    return ParsedScript.of(
        app,
        new Target("db1", 5432, "orders", "app", Optional.empty(), Tls.PREFER, 10),
        "U1__x.sql",
        text);
  }

  @Test
  void statementsKeepTheirLinesAndTheCommentsRightAboveThem() {
    ParsedScript script =
        parse(
            """
            -- head

            -- belay:batch table=t key=id
            --two
            update t set a = 'x; -- no' where /* belay:range */ true;
            /* c */ drop table u;
            """);

    assertThat(script.statements()).hasSize(2);
    assertThat(script.statements().get(0).line()).isEqualTo(5);
    assertThat(script.statements().get(0).comments())
        .containsExactly("belay:batch table=t key=id", "two");
    assertThat(script.statements().get(0).sql()).contains("update t set a = 'x; -- no' where");
    assertThat(script.statements().get(1).comments()).isEmpty();
    assertThat(script.isTransactional()).isTrue();
  }

  @Test
  void bodiesCopyAndWhatNeedsNoTransactionAreTold() {
    ParsedScript script =
        parse(
            """
            create function f() returns int language sql begin atomic select 1; select 2; end;
            do $$ begin perform 1; perform 2; end $$;
            copy t (a) from stdin;
            1
            \\.
            create index concurrently i on t (a);
            """);

    assertThat(script.statements()).hasSize(4);
    assertThat(script.statements().get(2).isCopy()).isTrue();
    assertThat(script.statements().get(3).isTransactional()).isFalse();
    assertThat(script.isTransactional()).isFalse();
  }

  @Test
  void nothingButCommentsIsNothing() {
    assertThat(parse("-- all gone\n\n/* ; */ ;\n").isEmpty()).isTrue();
    assertThat(parse("").isEmpty()).isTrue();
  }

  @Test
  void placeholdersAreReplacedAndOneWithoutAValueIsNamed() {
    assertThat(parse("alter table t owner to ${owner};").statements().get(0).sql())
        .isEqualTo("alter table t owner to clerk");
    assertThatThrownBy(() -> parse("select ${nobody};"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.FAILED);
              assertThat(failure.message()).contains("U1__x.sql", "${nobody}");
            });
  }

  @Test
  void textThatHasNoEndIsLeftToTheServerToRefuse() {
    assertThat(parse("select 1;\nselect 'x").statements()).hasSize(2);
  }
}
