package dev.belay.verify;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is to be verified, and how.
 *
 * @param app only what belongs to it; empty: everything
 * @param backup the id or path of a backup, or {@code latest}, to compare with
 * @param export the file of an export to compare with
 * @param rules files and folders of rules
 * @param ruleTimeout how long one rule may take
 * @param maxRows how many findings of each check are shown
 * @param gentle whether to go gently; empty: by how busy the server is
 * @param jobs sessions at once where it goes fast
 * @param only the checks to run; empty: all
 * @param skipped the checks that are not run
 * @param warningsFail whether findings that are warnings count as findings for the exit code
 */
record IntegrityRequest(
    Optional<String> app,
    Optional<String> backup,
    Optional<Path> export,
    List<Path> rules,
    Duration ruleTimeout,
    int maxRows,
    Optional<Boolean> gentle,
    int jobs,
    List<String> only,
    List<String> skipped,
    boolean warningsFail) {
  /** Whether the data is compared with something. */
  boolean compares() {
    return backup.isPresent() || export.isPresent();
  }
}
