package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.TableName;
import dev.belay.undo.Destruction;
import dev.belay.undo.RehearsedUndo;
import dev.belay.undo.UndoLoss;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an undo loses, from what is known of its script, of the migration and of a rehearsal. */
class UndoPriceTest {
  private static final TableName BEDS = new TableName("public", "beds");
  private static final UndoLoss COLUMN =
      new UndoLoss(UndoLoss.Kind.COLUMN, BEDS, Optional.of("notes"), 5, true);
  private static final UndoLoss REMOVED =
      new UndoLoss(UndoLoss.Kind.REMOVED, BEDS, Optional.empty(), 0, false);
  private static final Destruction DROPPED =
      new Destruction("it dropped table column public.beds.age", true);
  private static final Destruction WROTE =
      new Destruction("it may have changed rows of table public.beds", false);

  private static final int CHECKSUM = 4711;

  private static Optional<RehearsedUndo> rehearsed(
      String verdict, long rows, @Nullable Boolean thereAndBack) {
    return Optional.of(
        new RehearsedUndo(
            Instant.EPOCH,
            "",
            "",
            "V4",
            Optional.of("4"),
            Optional.empty(),
            verdict,
            rows,
            1,
            1,
            "",
            thereAndBack,
            CHECKSUM,
            null));
  }

  private static UndoPrice price(
      List<UndoLoss> losses, List<Destruction> destroyed, Optional<RehearsedUndo> rehearsed) {
    return UndoPrice.of(losses, destroyed, rehearsed, CHECKSUM, Optional.empty());
  }

  private static UndoPrice price(List<UndoLoss> losses, List<Destruction> destroyed) {
    return price(losses, destroyed, Optional.empty());
  }

  @Test
  void nothingIsLostOnlyWhenNeitherTookAnything() {
    UndoPrice nothing = price(List.of(), List.of());
    assertThat(nothing).isEqualTo(new UndoPrice(0L, true, "nothing", Optional.empty()));

    UndoPrice script = price(List.of(COLUMN), List.of());
    assertThat(script.rows()).isEqualTo(5);
    assertThat(script.exact()).isTrue();
    assertThat(script.against()).isEmpty();
  }

  @Test
  void whatTheMigrationDroppedSpeaksAgainstItsUndo() {
    UndoPrice price = price(List.of(), List.of(DROPPED));

    assertThat(price.rows()).isNull();
    assertThat(price.exact()).isFalse();
    assertThat(price.words())
        .startsWith("the undo script itself takes nothing; what the migration took stays gone");
    assertThat(price.against()).isPresent();
  }

  @Test
  void whatItMayHaveChangedIsNotCalledLossless() {
    UndoPrice price = price(List.of(), List.of(WROTE));

    assertThat(price.rows()).isNull();
    assertThat(price.exact()).isFalse();
    assertThat(price.against()).isEmpty();
  }

  @Test
  void onlyARehearsalThatWentThereAndBackShowsThatAllComesBack() {
    UndoPrice shown = price(List.of(), List.of(WROTE), rehearsed("proven", 0, Boolean.TRUE));
    assertThat(shown).isEqualTo(new UndoPrice(0L, true, "nothing", Optional.empty()));
    UndoPrice other =
        UndoPrice.of(
            List.of(), List.of(WROTE), rehearsed("proven", 0, Boolean.TRUE), 1, Optional.empty());
    assertThat(other.rows()).isNull();
    assertThat(other.exact()).isFalse();
    assertThat(
            UndoPrice.of(
                    List.of(),
                    List.of(WROTE),
                    rehearsed("proven", 0, Boolean.TRUE),
                    null,
                    Optional.empty())
                .rows())
        .isNull();

    UndoPrice back = price(List.of(), List.of(DROPPED), rehearsed("proven", 0, Boolean.FALSE));
    assertThat(back.rows()).isNull();
    assertThat(back.against()).isPresent();
    UndoPrice old = price(List.of(), List.of(DROPPED), rehearsed("proven", 0, null));
    assertThat(old.rows()).isNull();
    assertThat(old.against()).isPresent();
  }

  @Test
  void whatWasEmptyAtTheRehearsalMayNotHaveBeenWhenItWasDropped() {
    UndoPrice price =
        price(List.of(), List.of(DROPPED, WROTE), rehearsed("proven", 0, Boolean.TRUE));

    assertThat(price.rows()).isNull();
    assertThat(price.exact()).isFalse();
    assertThat(price.words()).contains("public.beds.age").doesNotContain("may have changed");
    assertThat(price.against().orElseThrow())
        .startsWith("it may not bring back what the migration took")
        .contains("though nothing was lost in the rehearsal");
  }

  @Test
  void aRehearsalThatLostRowsIsBelieved() {
    UndoPrice price =
        price(List.of(COLUMN), List.of(DROPPED), rehearsed("loses-rows", 7, Boolean.TRUE));

    assertThat(price.rows()).isEqualTo(12);
    assertThat(price.exact()).isFalse();
    assertThat(price.against().orElseThrow()).startsWith("it does not bring back 7 rows or values");
    assertThat(price(List.of(), List.of(), rehearsed("loses-rows", 7, null)).against()).isPresent();
  }

  @Test
  void whatWasTakenBackFirstLostOnlyWhatTheScriptTakes() {
    UndoPrice price = price(List.of(COLUMN), List.of(), rehearsed("loses-rows", 5, Boolean.FALSE));

    assertThat(price.rows()).isEqualTo(5);
    assertThat(price.against()).isEmpty();
  }

  @Test
  void aRehearsalThatIsOldExcusesNothingAndIsBelievedWhenItLostRows() {
    Optional<RehearsedUndo> good = rehearsed("proven", 0, Boolean.TRUE);
    assertThat(price(List.of(), List.of(WROTE), good).rows()).isZero();
    UndoPrice price =
        UndoPrice.of(List.of(), List.of(WROTE), good, CHECKSUM, Optional.of("40 d 0 h ago"));
    assertThat(price.rows()).isNull();
    assertThat(price.exact()).isFalse();
    assertThat(price.words()).contains("may have changed rows");

    UndoPrice lossy =
        UndoPrice.of(
            List.of(),
            List.of(),
            rehearsed("loses-rows", 7, Boolean.TRUE),
            CHECKSUM,
            Optional.of("40 d 0 h ago"));
    assertThat(lossy.rows()).isEqualTo(7);
    assertThat(lossy.words()).contains("(old: 40 d 0 h ago) 7 rows or values were lost");
    assertThat(lossy.against().orElseThrow()).contains("(old: 40 d 0 h ago)");
  }

  @Test
  void rowsThatAStatementRemovesAreUnknownUntilARehearsalCountedThem() {
    UndoPrice unknown = price(List.of(REMOVED), List.of());
    assertThat(unknown.rows()).isNull();
    assertThat(unknown.words())
        .isEqualTo("rows of public.beds are removed or overwritten, counted when that was done");

    UndoPrice counted =
        price(List.of(REMOVED), List.of(), rehearsed("loses-rows", 3, Boolean.FALSE));
    assertThat(counted.rows()).isEqualTo(3);
    assertThat(counted.exact()).isFalse();
  }
}
