/** What the database and its migrations are like now: list-migrations and verify-state. */
@NullMarked
package dev.belay.status;

import org.jspecify.annotations.NullMarked;
