package dev.belay.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.TablePattern;
import dev.belay.diff.Policy;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TableRequestTest {
  @Test
  void theSameCommandIsSaidSoThatItCanBePasted() {
    assertThat(request(Policy.EXACT, false, OptionalInt.empty(), true).again("shop_1"))
        .isEqualTo("belay backup-restore shop_1 --table 'public.order*' --table shop.item");
  }

  @Test
  void whatWasAskedForOtherwiseIsSaidAgain() {
    assertThat(request(Policy.OVERWRITE, true, OptionalInt.of(50), false).again("shop_1"))
        .isEqualTo(
            "belay backup-restore shop_1 --table 'public.order*' --table shop.item"
                + " --policy overwrite --triggers on --batch-size 50 --from-other-database"
                + " --no-verify");
  }

  private static TableRequest request(
      Policy policy, boolean triggers, OptionalInt batchRows, boolean own) {
    return new TableRequest(
        List.of(TablePattern.of("public.order*"), TablePattern.of("shop.item")),
        policy,
        triggers,
        batchRows,
        1,
        Duration.ofMinutes(1),
        !own,
        own);
  }
}
