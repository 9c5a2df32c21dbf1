/** Finds the rows that differ between two relations, and merges them under a policy. */
@NullMarked
package dev.belay.diff;

import org.jspecify.annotations.NullMarked;
