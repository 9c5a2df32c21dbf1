/** A session with one PostgreSQL database: pool, snapshot, lock ladder, catalogue reading. */
@NullMarked
package dev.belay.postgres;

import org.jspecify.annotations.NullMarked;
