/** Samples of machine and database while something runs. */
@NullMarked
package dev.belay.monitor;

import org.jspecify.annotations.NullMarked;
