/**
 * The Java API: a migration of data that goes back by itself when it fails. Nothing else of Belay
 * shows in its signatures.
 */
@NullMarked
package dev.belay.api;

import org.jspecify.annotations.NullMarked;
