package dev.belay.pgtools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CleaningOrderTest {
  private static final List<String> LINES =
      List.of(
          "10; 1259 1 TABLE public sales app",
          "11; 1259 2 TABLE public sales_2024 app",
          "20; 0 2 TABLE DATA public sales_2024 app",
          "30; 2606 3 CONSTRAINT public sales sales_pkey app",
          "31; 1259 4 INDEX public sales_day app",
          "32; 2606 5 CONSTRAINT public sales_2024 sales_2024_pkey app",
          "33; 1259 6 INDEX public sales_2024_day other",
          "34; 1259 7 INDEX public lonely app",
          "40; 0 0 INDEX ATTACH public sales_2024_pkey app",
          "41; 0 0 INDEX ATTACH public sales_2024_day app",
          "50; 2606 8 FK CONSTRAINT public sales sales_of_fkey app");

  @Test
  void theIndexesOfPartitionsComeBeforeThoseOfTheirTables() {
    assertThat(ordered(LINES))
        .containsExactly(
            "10;", "11;", "20;", "32;", "33;", "30;", "31;", "34;", "40;", "41;", "50;");
  }

  @Test
  void withoutPartitionsEverythingStaysWhereItIs() {
    List<String> none = LINES.stream().filter(line -> !line.contains("ATTACH")).toList();
    assertThat(ordered(none))
        .containsExactlyElementsOf(none.stream().map(CleaningOrderTest::number).toList());
  }

  @Test
  void anIndexThatDataNeedsStaysBeforeTheData() {
    List<String> early =
        List.of(
            "30; 2606 3 CONSTRAINT public sales sales_pkey app",
            "32; 2606 5 CONSTRAINT public sales_2024 sales_2024_pkey app",
            "35; 0 2 TABLE DATA public sales_2024 app",
            "40; 0 0 INDEX ATTACH public sales_2024_pkey app");
    assertThat(ordered(early)).containsExactly("30;", "32;", "35;", "40;");
  }

  @Test
  void namesWithBlanksAndWithoutAnOwnerAreFound() {
    List<String> blanks =
        List.of(
            "30; 2606 3 CONSTRAINT my shop all sales all sales pkey app",
            "32; 2606 5 CONSTRAINT my shop sales 24 sales 24 pkey app",
            "40; 0 0 INDEX ATTACH my shop sales 24 pkey ");
    assertThat(ordered(blanks)).containsExactly("32;", "30;", "40;");
  }

  private static List<String> ordered(List<String> lines) {
    return CleaningOrder.of(Contents.parse(lines).entries()).stream()
        .map(Contents.Entry::line)
        .map(CleaningOrderTest::number)
        .toList();
  }

  private static String number(String line) {
    return line.substring(0, line.indexOf(' '));
  }
}
