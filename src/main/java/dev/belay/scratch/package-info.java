/**
 * A throw-away database, always dropped, and a replay of migrations in it that records what they
 * touch.
 */
@NullMarked
package dev.belay.scratch;

import org.jspecify.annotations.NullMarked;
