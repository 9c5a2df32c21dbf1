/** Work in small transactions under live load: keyset ranges, throttle, checkpoint, resume. */
@NullMarked
package dev.belay.batch;

import org.jspecify.annotations.NullMarked;
