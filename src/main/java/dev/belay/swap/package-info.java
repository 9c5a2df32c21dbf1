/** Puts a restored database in the live one's place, and back. */
@NullMarked
package dev.belay.swap;

import org.jspecify.annotations.NullMarked;
