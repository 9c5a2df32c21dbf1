/** Random incidents, and whether what is said of them afterwards is true. */
@NullMarked
package dev.belay.chaos;

import org.jspecify.annotations.NullMarked;
