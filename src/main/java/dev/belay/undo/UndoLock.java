package dev.belay.undo;

import dev.belay.core.TableName;
import dev.belay.scratch.LockMode;
import java.util.Optional;

/**
 * A lock that an undo takes on a table that is there now. Within a transaction it is held until the
 * end of it.
 *
 * @param mode the strongest
 * @param rewrites whether every row is written anew under it
 * @param bytes the size of the live table with its indexes; empty where it cannot be read
 */
public record UndoLock(TableName table, LockMode mode, boolean rewrites, Optional<Long> bytes) {}
