/**
 * What the operator configured, from file, environment and flags, and where each value came from.
 */
@NullMarked
package dev.belay.config;

import org.jspecify.annotations.NullMarked;
