/**
 * A session with one PostgreSQL database: pinned settings, snapshot, transactions, failures in
 * words.
 */
@NullMarked
package dev.belay.postgres;

import org.jspecify.annotations.NullMarked;
