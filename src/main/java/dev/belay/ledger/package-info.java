/**
 * What travels with the target, in its schema {@code belay}: undo scripts, what was undone, how far
 * batches are.
 */
@NullMarked
package dev.belay.ledger;

import org.jspecify.annotations.NullMarked;
