/** backup-restore, emergency-rollback, list-replaced, undo-restore, discard-replaced. */
@NullMarked
package dev.belay.conflicts;

import org.jspecify.annotations.NullMarked;
