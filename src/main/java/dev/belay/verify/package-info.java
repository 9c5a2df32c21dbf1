/** verify-integrity: whether the data keeps its promises. */
@NullMarked
package dev.belay.verify;

import org.jspecify.annotations.NullMarked;
