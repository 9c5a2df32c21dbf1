package dev.belay.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LossesTest {
  @Test
  void saysWhatWouldStayBehindAndWhatComesBack() {
    Map<String, Long> now =
        Map.of("public.a", 12L, "public.b", 5L, "public.new", 0L, "public.c", 1L);
    Map<String, Long> then =
        Map.of("public.a", 10L, "public.b", 9L, "public.gone", 7L, "public.c", 1L);

    assertThat(Losses.tables(now, then))
        .containsExactly(
            "public.gone is not there now; it comes back with 7 rows",
            "public.b has about 4 rows fewer now than in the backup; they come back",
            "public.a has about 2 rows more now than in the backup",
            "public.new is not in the backup (about 0 rows now)");
  }
}
