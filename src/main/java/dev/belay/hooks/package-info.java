/**
 * What goes along with every change: the operator's hooks, and whether the application is healthy.
 */
@NullMarked
package dev.belay.hooks;

import org.jspecify.annotations.NullMarked;
