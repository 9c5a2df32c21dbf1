package dev.belay.scratch;

import dev.belay.core.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What became of one script that was run by itself. It was applied, or it failed, or Flyway passed
 * it over, and then neither is there.
 *
 * @param recorded what it did; null when it failed
 * @param failure why it failed; null when it did not
 * @param statements how many statements of SQL it ran
 */
public record ReplayStep(
    @Nullable RecordedMigration recorded, @Nullable Failure failure, int statements) {}
