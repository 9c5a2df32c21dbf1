/** Goes back when a migration failed: undone, restored, or left with the ways that remain. */
@NullMarked
package dev.belay.recovery;

import org.jspecify.annotations.NullMarked;
