/** Values and failures everyone speaks of. */
@NullMarked
package dev.belay.core;

import org.jspecify.annotations.NullMarked;
