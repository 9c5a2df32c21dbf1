/** Puts the program together; known by no one. */
@NullMarked
package dev.belay.app;

import org.jspecify.annotations.NullMarked;
