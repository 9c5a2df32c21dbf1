package dev.belay.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.core.ExitCode;
import dev.belay.core.Failure;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyTest {
  /** What becomes of a row: policy, kind, base, decision, and that where removals are wanted. */
  private static final String TABLE =
      """
      add-missing MISSING UNKNOWN     ADD      ADD
      add-missing MISSING ABSENT      ADD      ADD
      add-missing MISSING LIKE_SOURCE LEAVE    LEAVE
      add-missing MISSING LIKE_TARGET LEAVE    LEAVE
      add-missing MISSING LIKE_BOTH   LEAVE    LEAVE
      add-missing MISSING OTHER       CONFLICT CONFLICT
      add-missing EXTRA   *           LEAVE    LEAVE
      add-missing CHANGED UNKNOWN     LEAVE    LEAVE
      add-missing CHANGED ABSENT      CONFLICT CONFLICT
      add-missing CHANGED LIKE_SOURCE LEAVE    LEAVE
      add-missing CHANGED LIKE_TARGET LEAVE    LEAVE
      add-missing CHANGED LIKE_BOTH   LEAVE    LEAVE
      add-missing CHANGED OTHER       LEAVE    LEAVE
      overwrite   MISSING UNKNOWN     ADD      ADD
      overwrite   MISSING ABSENT      ADD      ADD
      overwrite   MISSING LIKE_SOURCE LEAVE    LEAVE
      overwrite   MISSING LIKE_TARGET LEAVE    LEAVE
      overwrite   MISSING LIKE_BOTH   LEAVE    LEAVE
      overwrite   MISSING OTHER       CONFLICT CONFLICT
      overwrite   EXTRA   *           LEAVE    LEAVE
      overwrite   CHANGED *           CHANGE   CHANGE
      exact       MISSING *           ADD      ADD
      exact       EXTRA   *           REMOVE   REMOVE
      exact       CHANGED *           CHANGE   CHANGE
      three-way   MISSING UNKNOWN     ADD      ADD
      three-way   MISSING ABSENT      ADD      ADD
      three-way   MISSING LIKE_SOURCE LEAVE    LEAVE
      three-way   MISSING LIKE_TARGET CONFLICT CONFLICT
      three-way   MISSING LIKE_BOTH   CONFLICT CONFLICT
      three-way   MISSING OTHER       CONFLICT CONFLICT
      three-way   EXTRA   UNKNOWN     LEAVE    LEAVE
      three-way   EXTRA   ABSENT      LEAVE    LEAVE
      three-way   EXTRA   LIKE_SOURCE CONFLICT CONFLICT
      three-way   EXTRA   LIKE_TARGET LEAVE    REMOVE
      three-way   EXTRA   LIKE_BOTH   CONFLICT CONFLICT
      three-way   EXTRA   OTHER       CONFLICT CONFLICT
      three-way   CHANGED UNKNOWN     CONFLICT CONFLICT
      three-way   CHANGED ABSENT      CONFLICT CONFLICT
      three-way   CHANGED LIKE_SOURCE LEAVE    LEAVE
      three-way   CHANGED LIKE_TARGET CHANGE   CHANGE
      three-way   CHANGED LIKE_BOTH   CONFLICT CONFLICT
      three-way   CHANGED OTHER       CONFLICT CONFLICT
      remove-added MISSING *          LEAVE    LEAVE
      remove-added EXTRA   *          REMOVE   REMOVE
      remove-added CHANGED *          LEAVE    LEAVE
      """;

  @Test
  void everyDecisionIsWrittenDown() {
    Set<String> seen = new HashSet<>();
    for (String line : TABLE.lines().toList()) {
      List<String> words = List.of(line.strip().split(" +"));
      Policy policy = named(words.get(0));
      Difference.Kind kind = Difference.Kind.valueOf(words.get(1));
      for (Difference.Base base : Difference.Base.values()) {
        if (words.get(2).equals("*") || words.get(2).equals(base.name())) {
          Difference difference = difference(kind, base);
          assertThat(policy.decide(difference, false))
              .as(line + " for " + base)
              .isEqualTo(Decision.valueOf(words.get(3)));
          assertThat(policy.decide(difference, true))
              .as(line + " for " + base)
              .isEqualTo(Decision.valueOf(words.get(4)));
          assertThat(seen.add(policy + " " + kind + " " + base)).as(line).isTrue();
        }
      }
    }
    assertThat(seen)
        .hasSize(
            Policy.values().length
                * Difference.Kind.values().length
                * Difference.Base.values().length);
  }

  private static Policy named(String word) {
    return Arrays.stream(Policy.values())
        .filter(policy -> policy.word().equals(word))
        .findFirst()
        .orElseThrow();
  }

  /** Three-way takes a row away only where it is told to, and what only adds never does. */
  @Test
  void onlyThoseThatAreMadeForItRemoveWithoutBeingTold() {
    for (Policy policy : Policy.values()) {
      for (Difference.Base base : Difference.Base.values()) {
        Decision decision = policy.decide(difference(Difference.Kind.EXTRA, base), false);
        assertThat(decision == Decision.REMOVE)
            .isEqualTo(policy == Policy.EXACT || policy == Policy.REMOVE_ADDED);
      }
    }
  }

  private static Difference difference(Difference.Kind kind, Difference.Base base) {
    RowPlace place = new RowPlace(1, 2, 3);
    return new Difference(
        kind,
        kind == Difference.Kind.EXTRA ? null : place,
        kind == Difference.Kind.MISSING ? null : place,
        base);
  }

  @Test
  void aWordThatIsNoPolicyIsAnErrorOfTheCommandLine() {
    assertThatThrownBy(() -> Policy.of("Exact "))
        .isInstanceOfSatisfying(
            Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE));
  }
}
