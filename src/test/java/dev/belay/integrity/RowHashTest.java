package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowHashTest {
  @Test
  void columnsAreOrderedByTheBytesOfTheirNames() {
    String wide = "\uFF21";
    String beyond = "\uD83D\uDE00";

    String sql = RowHash.of(List.of(plain(beyond), plain("b"), plain(wide), plain("B")));

    assertThat(sql.replaceAll("case when \\S+ is not distinct from null then E'\\\\x1e' end, ", ""))
        .contains(
            "belay_row.\"B\", belay_row.\"b\", belay_row.\"%s\", belay_row.\"%s\""
                .formatted(wide, beyond));
  }

  @Test
  void aTableWithoutColumnsHasTheHashOfNothing() {
    assertThat(RowHash.of(List.of()))
        .isEqualTo("pg_catalog.hashtextextended('' collate pg_catalog.\"C\", 0)");
  }

  @Test
  void noCastIsUsedThatADatabaseCouldHaveOfItsOwn() {
    List<ColumnShape> columns =
        List.of(
            plain("a"),
            new ColumnShape("b", ColumnText.CHARACTERS),
            new ColumnShape("c", ColumnText.OUTPUT));

    assertThat(RowHash.of(columns)).doesNotContain("::").doesNotContainIgnoringCase("cast");
  }

  @Test
  void theWidestTableFitsIntoCallsOfAHundredArguments() {
    String sql =
        RowHash.of(IntStream.range(0, 1600).mapToObj(number -> plain("c" + number)).toList());

    assertThat(Pattern.compile("concat_ws").matcher(sql).results().count()).isEqualTo(34);
  }

  private static ColumnShape plain(String name) {
    return new ColumnShape(name, ColumnText.PLAIN);
  }
}
