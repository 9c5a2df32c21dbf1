/** Migrations and their ways back, tried on a copy of the database with its data. */
@NullMarked
package dev.belay.rehearse;

import org.jspecify.annotations.NullMarked;
