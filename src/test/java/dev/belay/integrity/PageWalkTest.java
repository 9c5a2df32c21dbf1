package dev.belay.integrity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageWalkTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 10", "7, -1", "100, 5000", "1000, 10", "3, 100000000"})
  void everyPageIsReadOnceAndWhatComesLaterToo(long pages, double rows) {
    List<Long> begins = new ArrayList<>();
    List<Long> ends = new ArrayList<>();

    PageWalk.over(
        pages,
        rows,
        (from, to) -> {
          begins.add(from);
          ends.add(to.orElse(Long.MAX_VALUE));
        });

    assertThat(begins.get(0)).isZero();
    assertThat(ends.get(ends.size() - 1)).isEqualTo(Long.MAX_VALUE);
    assertThat(begins.subList(1, begins.size())).isEqualTo(ends.subList(0, ends.size() - 1));
    assertThat(begins).isSorted().doesNotHaveDuplicates();
    assertThat(begins).allMatch(from -> from == 0 || from < pages);
  }
}
