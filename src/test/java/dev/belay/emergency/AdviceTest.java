package dev.belay.emergency;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Failure;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which way is advised, by what is known of each. */
class AdviceTest {
  private static WayOn way(
      WayKind kind, @Nullable String against, @Nullable Long rows, boolean exact, String command) {
    return new WayOn(
        kind, "", true, against, null, "", rows, exact, "the loss of " + command, "", "", command);
  }

  private static WayOn undo(@Nullable String against, @Nullable Long rows, boolean exact) {
    return way(WayKind.UNDO, against, rows, exact, "undo");
  }

  private static WayOn restore(long rows, boolean exact) {
    return way(WayKind.RESTORE, null, rows, exact, "restore");
  }

  private static Advice broken(WayOn... ways) {
    return broken(Situation.Cause.MIGRATIONS, ways);
  }

  private static Advice broken(Situation.Cause cause, WayOn... ways) {
    return Advice.of(situation(true, cause, Optional.empty()), List.of(ways), List.of());
  }

  private static Situation situation(boolean wrong, Situation.Cause cause, Optional<String> next) {
    return new Situation(true, Optional.empty(), false, wrong, cause, next);
  }

  private static final WayOn FORWARD =
      way(WayKind.ROLL_FORWARD, null, null, false, "belay migrate ward");

  @Test
  void anUndoThatBringsNotEverythingBackYieldsToARestoreThatDoes() {
    WayOn lossy = undo("it does not bring back 7 rows", 7L, false);

    assertThat(broken(lossy, restore(0, true)).command()).isEqualTo("restore");
    Advice both = broken(lossy, restore(3, false));
    assertThat(both.command()).isEqualTo("restore");
    assertThat(both.text()).endsWith("; or the undo, but it does not bring back 7 rows");
    Advice alone = broken(lossy);
    assertThat(alone.command()).isEqualTo("belay verify-state");
    assertThat(alone.text()).contains("or the undo, but it does not bring back 7 rows");
    assertThat(broken(lossy, FORWARD).command()).isEqualTo("belay migrate ward");
  }

  @Test
  void whatMayBeHalfDoneIsLookedAtAndNotBegunAgain() {
    WayOn half =
        new WayOn(
            WayKind.ROLL_FORWARD,
            "",
            false,
            "it may be half done",
            null,
            "",
            null,
            false,
            "",
            "",
            "",
            "belay validate-schema ward");
    Situation clean =
        new Situation(true, Optional.empty(), true, false, Situation.Cause.OTHER, Optional.empty());

    Advice nothingSeen = Advice.of(clean, List.of(half), List.of());
    assertThat(nothingSeen.text()).endsWith(", but it may be half done");
    assertThat(nothingSeen.command()).isEqualTo("belay validate-schema ward");
    Advice different = broken(half);
    assertThat(different.text()).endsWith("; but first look, since it may be half done");
    assertThat(different.command()).isEqualTo("belay validate-schema ward");
    // That of one app is not hidden by what is pending of another.
    assertThat(Advice.of(clean, List.of(FORWARD, half), List.of())).isEqualTo(nothingSeen);
    assertThat(broken(FORWARD, half)).isEqualTo(different);
    assertThat(Advice.of(clean, List.of(FORWARD), List.of()).command())
        .isEqualTo("belay migrate ward");
  }

  @Test
  void theLeastThatARestoreLosesIsNotWhatItLoses() {
    Advice advice = broken(undo(null, 5L, true), restore(0, false));

    assertThat(advice.command()).isEqualTo("undo");
    assertThat(advice.text()).contains("what its script takes is exported before", "the loss of");
    assertThat(broken(undo(null, 5L, true), restore(0, true)).command()).isEqualTo("restore");
    assertThat(broken(undo(null, 0L, true), restore(0, true)).command()).isEqualTo("undo");
    assertThat(broken(undo(null, 0L, true)).text())
        .isEqualTo("undo: it is proven, and loses nothing");
    assertThat(broken(undo(null, null, false), restore(0, true)).command()).isEqualTo("restore");
    assertThat(broken(undo(null, 0L, false)).text()).doesNotContain("loses nothing");
  }

  @Test
  void anUndoOfUnknownLossIsNotWeighedAgainstARestoreOfUnknownLoss() {
    Advice advice = broken(undo(null, null, false), restore(0, false));

    assertThat(advice.command()).isEqualTo("restore");
    assertThat(advice.text())
        .endsWith("; or the undo, of which it is not known what it loses (the loss of undo)");
    assertThat(broken(undo(null, 5L, false), restore(0, false)).command()).isEqualTo("restore");
    assertThat(broken(undo(null, null, false)).command()).isEqualTo("belay verify-state");
  }

  @Test
  void whereTheCauseIsNotKnownThatIsSaidAndTheWaysBackAreWeighed() {
    Advice advice = broken(Situation.Cause.UNKNOWN, undo(null, 0L, true));

    assertThat(advice.command()).isEqualTo("undo");
    assertThat(advice.text())
        .isEqualTo(
            "whether what is wrong is of the migrations is not known; if it is:"
                + " undo: it is proven, and loses nothing");
    Advice none =
        Advice.of(
            situation(true, Situation.Cause.UNKNOWN, Optional.of("belay verify-integrity")),
            List.of(),
            List.of());
    assertThat(none.command()).isEqualTo("belay verify-integrity");
  }

  @Test
  void anUndoThatIsNotProvenIsNotWhatAHealthyDatabaseIsOffered() {
    Situation clean =
        new Situation(true, Optional.empty(), true, false, Situation.Cause.OTHER, Optional.empty());

    assertThat(
            Advice.of(clean, List.of(undo("it is not proven", null, false)), List.of()).command())
        .isEqualTo("belay verify-state");
    assertThat(Advice.of(clean, List.of(undo(null, 3L, true)), List.of()).command())
        .isEqualTo("undo");
  }

  @Test
  void aSentenceIsNeverGivenAsACommand() {
    Advice whole =
        Advice.of(
            situation(true, Situation.Cause.OTHER, Optional.of("belay validate-backup latest")),
            List.of(),
            List.of());
    assertThat(whole.command()).isEqualTo("belay validate-backup latest");

    Advice prose =
        Advice.of(
            situation(true, Situation.Cause.OTHER, Optional.of("see the step fixes")),
            List.of(),
            List.of());
    assertThat(prose.command()).isEqualTo("belay verify-state");
    assertThat(prose.text()).endsWith("; next: see the step fixes");
  }

  @Test
  void whatWasNotLookedAtIsNotCalledWrong() {
    Advice advice =
        Advice.of(
            situation(false, Situation.Cause.OTHER, Optional.of("belay verify-integrity")),
            List.of(),
            List.of());

    assertThat(advice.text()).startsWith("nothing is known to be wrong");
    assertThat(advice.command()).isEqualTo("belay verify-integrity");
  }

  @Test
  void whereFixingIsImpossibleTheSameCommandIsNotAdvisedAgain() {
    Failure standby = Failure.unavailable("this is a standby", "name the primary with --url");
    Advice advice =
        Advice.of(
            new Situation(
                true, Optional.of(standby), false, true, Situation.Cause.OTHER, Optional.empty()),
            List.of(),
            List.of());

    assertThat(advice.command()).isEqualTo("belay verify-state");
    assertThat(advice.text()).contains("this is a standby", "name the primary with --url");
  }
}
