/** The whole chain of ways back, proven now, with a history of how long it takes. */
@NullMarked
package dev.belay.drill;

import org.jspecify.annotations.NullMarked;
