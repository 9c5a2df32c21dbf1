/**
 * What a changing operation has done so far, the operation lock, and what a dead run left behind.
 */
@NullMarked
package dev.belay.journal;

import org.jspecify.annotations.NullMarked;
