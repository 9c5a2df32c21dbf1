/** Finds, version-checks and drives {@code pg_dump} and {@code pg_restore}. */
@NullMarked
package dev.belay.pgtools;

import org.jspecify.annotations.NullMarked;
