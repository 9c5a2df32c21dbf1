/**
 * The guarded migration: everything that keeps a migration from becoming an incident, in one
 * command.
 */
@NullMarked
package dev.belay.migrate;

import org.jspecify.annotations.NullMarked;
