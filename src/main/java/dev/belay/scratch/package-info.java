/** A throw-away database for a proof, always dropped. */
@NullMarked
package dev.belay.scratch;

import org.jspecify.annotations.NullMarked;
