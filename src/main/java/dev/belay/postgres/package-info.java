/**
 * A session with one PostgreSQL database: pinned settings, snapshot, lock ladder, catalogue
 * reading.
 */
@NullMarked
package dev.belay.postgres;

import org.jspecify.annotations.NullMarked;
