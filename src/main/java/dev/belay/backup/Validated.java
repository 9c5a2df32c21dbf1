package dev.belay.backup;

import dev.belay.archive.Level;
import dev.belay.archive.Proof;
import dev.belay.archive.StoredBackup;
import dev.belay.core.Failure;
import dev.belay.report.ToPaste;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about one backup.
 *
 * @param level how far it is proven now; null when its manifest cannot be read
 * @param restoreMillis how long its restore took, when it was restored now
 * @param verificationMillis how long the comparison with the manifest took
 * @param problems what is bad, naming file or table
 * @param notChecked why it could not be checked, or not so far as was wanted
 */
record Validated(
    String id,
    @Nullable Level level,
    @Nullable Long restoreMillis,
    @Nullable Long verificationMillis,
    @ToPaste List<String> problems,
    @ToPaste List<String> notChecked) {

  /** Proves one; what stops that is told as such, so that the others are still looked at. */
  static Validated by(Proving proving, StoredBackup backup, Level wanted) {
    try {
      return of(proving.prove(backup, wanted), wanted);
    } catch (Failure failure) {
      return new Validated(
          backup.id(),
          backup.foundManifest().isPresent() ? backup.state().level() : null,
          null,
          null,
          List.of(),
          List.of(failure.message() + "; " + failure.hint()));
    }
  }

  private static Validated of(Proven proven, Level wanted) {
    StoredBackup backup = proven.backup();
    Optional<Proof> restored =
        wanted.reaches(Level.RESTORED) ? backup.state().restoreProof() : Optional.empty();
    return new Validated(
        backup.id(),
        backup.foundManifest().isPresent() ? proven.level() : null,
        restored.flatMap(Proof::restoreMillis).orElse(null),
        restored.flatMap(Proof::verificationMillis).orElse(null),
        proven.problems(),
        proven.notChecked());
  }
}
