/**
 * Takes migrations back while applications work: their data in batches, their schema in a moment.
 */
@NullMarked
package dev.belay.gradual;

import org.jspecify.annotations.NullMarked;
