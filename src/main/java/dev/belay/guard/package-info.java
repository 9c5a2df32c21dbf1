/** Any migration command, guarded: backup before, recovery after; and scripts that do the same. */
@NullMarked
package dev.belay.guard;

import org.jspecify.annotations.NullMarked;
