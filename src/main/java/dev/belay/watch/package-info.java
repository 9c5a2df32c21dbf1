/** watch: measures how a database answers, and does what was agreed when it answers badly. */
@NullMarked
package dev.belay.watch;

import org.jspecify.annotations.NullMarked;
