/** Whether one could go back right now: readiness. */
@NullMarked
package dev.belay.readiness;

import org.jspecify.annotations.NullMarked;
