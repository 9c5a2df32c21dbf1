package dev.belay.recovery;

import dev.belay.recovery.Recovered.Done;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a recovery found, did and could not do, gathered on its way and told at its end. */
final class RecoveryAccount {
  private final RecoveryPolicy policy;
  private final List<String> found = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> undone = new ArrayList<>();
  private long rowsLost;

  RecoveryAccount(RecoveryPolicy policy) {
    this.policy = policy;
  }

  void found(String what) {
    found.add(what);
  }

  void found(List<String> what) {
    found.addAll(what);
  }

  void failed(String what) {
    failures.add(what);
  }

  void undone(String what) {
    undone.add(what);
  }

  void undone(List<String> what) {
    undone.addAll(what);
  }

  /** Rows and values that went. */
  void lost(long rows) {
    rowsLost += rows;
  }

  boolean nothingUndone() {
    return undone.isEmpty();
  }

  /** The answer, of a database that is as before, or of which that is not known. */
  Recovered answer(Done done, boolean asBefore, List<Way> ways) {
    return answer(done, asBefore, false, null, null, ways);
  }

  /**
   * The answer, where a backup was brought back.
   *
   * @param replaced the name of what was live until then; null: there was nothing
   */
  Recovered restored(boolean asBefore, String backup, @Nullable String replaced, List<Way> ways) {
    return answer(Done.RESTORED, asBefore, false, backup, replaced, ways);
  }

  /**
   * The answer, where it stays as the migration left it.
   *
   * @param differs whether it is certain that this is not as before
   */
  Recovered left(boolean differs, List<Way> ways) {
    return answer(Done.LEFT, false, differs, null, null, ways);
  }

  private Recovered answer(
      Done done,
      boolean asBefore,
      boolean differs,
      @Nullable String backup,
      @Nullable String replaced,
      List<Way> ways) {
    return new Recovered(
        policy, done, asBefore, differs, undone, backup, replaced, rowsLost, found, failures, ways);
  }
}
