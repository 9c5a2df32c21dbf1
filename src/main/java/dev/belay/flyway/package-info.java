/** Flyway's own account of what it did: history, scripts on disk, undo scripts, its lock. */
@NullMarked
package dev.belay.flyway;

import org.jspecify.annotations.NullMarked;
