/** Rollback points: states of tables, kept as exports, to which data can be brought back. */
@NullMarked
package dev.belay.points;

import org.jspecify.annotations.NullMarked;
