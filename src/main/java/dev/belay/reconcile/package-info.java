/** reconcile-data: brings back what a restore left behind, and says what it brought. */
@NullMarked
package dev.belay.reconcile;

import org.jspecify.annotations.NullMarked;
