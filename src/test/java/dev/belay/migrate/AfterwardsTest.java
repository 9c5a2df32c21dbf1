package dev.belay.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.migrate.Afterwards.Compared;
import dev.belay.migrate.Afterwards.Seen;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AfterwardsTest {
  private static Compared compared(Seen before, Seen after) {
    return Compared.of(Optional.of(before), after);
  }

  @Test
  void moreRowsThatBreakAPromiseAreAProblemThoughSomeDidBefore() {
    Seen one = new Seen(Set.of(), Map.of("orphans: a.b", 1L), List.of());
    Seen many = new Seen(Set.of(), Map.of("orphans: a.b", 100_000L), List.of());
    assertThat(compared(one, many).problems())
        .containsExactly("integrity: orphans: a.b: 100000 now, 1 before");
    assertThat(compared(one, one).problems()).isEmpty();
    assertThat(compared(many, one).notes())
        .containsExactly("the data was so before already: orphans: a.b");
  }

  @Test
  void whatCouldBeLookedAtBeforeAndCannotNowIsAProblem() {
    Seen looked = new Seen(Set.of(), Map.of(), List.of());
    Seen not = new Seen(Set.of(), Map.of(), List.of("the data could not be checked: gone 1"));
    Seen notEither = new Seen(Set.of(), Map.of(), List.of("the data could not be checked: gone 2"));
    assertThat(compared(looked, not).problems()).hasSize(1);
    assertThat(compared(notEither, not).problems()).isEmpty();
    assertThat(compared(notEither, not).notes()).hasSize(1);
  }
}
