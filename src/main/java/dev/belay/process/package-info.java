/** Runs a program to its end, with secrets only in its environment and a no-progress watchdog. */
@NullMarked
package dev.belay.process;

import org.jspecify.annotations.NullMarked;
