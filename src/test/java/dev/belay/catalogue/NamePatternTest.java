package dev.belay.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamePatternTest {
  private static final ObjectKey TABLE = ObjectKey.of(ObjectKind.TABLE, "app", "order lines");
  private static final ObjectKey COLUMN =
      new ObjectKey(ObjectKind.COLUMN, "app", "order lines", "no. \"1\"");
  private static final ObjectKey EXTENSION = ObjectKey.of(ObjectKind.EXTENSION, "", "hstore");

  @Test
  void whatIsSaidOfATableIsSaidOfItsParts() {
    for (String pattern : List.of("app.order lines", "app.*", "table:app.order?lines", "*")) {
      assertThat(NamePattern.of(pattern).matches(TABLE)).as(pattern).isTrue();
      assertThat(NamePattern.of(pattern).matches(COLUMN)).as(pattern).isTrue();
    }
  }

  @Test
  void aPartCanBeMeantAlone() {
    for (String pattern : List.of("app.*.no. \"1\"", "column:*", "Column:app.order lines.no*")) {
      assertThat(NamePattern.of(pattern).matches(TABLE)).as(pattern).isEqualTo(false);
      assertThat(NamePattern.of(pattern).matches(COLUMN)).as(pattern).isTrue();
    }
  }

  @Test
  void whatIsInNoSchemaHasItsNameAlone() {
    assertThat(NamePattern.of("extension:hstore").matches(EXTENSION)).isTrue();
    assertThat(NamePattern.of("hstore").matches(EXTENSION)).isTrue();
    assertThat(NamePattern.of("materialized-view:hstore").matches(EXTENSION)).isFalse();
  }

  @Test
  void signsOfRegularExpressionsMeanThemselves() {
    assertThat(NamePattern.of("app.order.lines").matches(TABLE)).isFalse();
    assertThat(NamePattern.of("app.[a-z ]+").matches(TABLE)).isFalse();
    assertThat(NamePattern.of("\\Q*").matches(TABLE)).isFalse();
  }

  @Test
  void aKindThatThereIsNotIsRefused() {
    assertThatThrownBy(() -> NamePattern.of("tabel:app.x"))
        .isInstanceOfSatisfying(
            Failure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure.message()).contains("'tabel'");
              assertThat(failure.hint()).contains("materialized view");
            });
    assertThatThrownBy(() -> NamePattern.of(" ")).isInstanceOf(Failure.class);
  }
}
