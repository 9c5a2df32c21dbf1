/** Which way back an applied migration has, what it would cost, and whether it is proven. */
@NullMarked
package dev.belay.undo;

import org.jspecify.annotations.NullMarked;
