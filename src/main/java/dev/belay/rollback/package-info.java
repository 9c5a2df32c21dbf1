/** Takes applied migrations back in the live database. */
@NullMarked
package dev.belay.rollback;

import org.jspecify.annotations.NullMarked;
