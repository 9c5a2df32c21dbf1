/**
 * What a migration needs and does, before it is applied or taken back: check-dependencies,
 * check-migrations.
 */
@NullMarked
package dev.belay.migrations;

import org.jspecify.annotations.NullMarked;
