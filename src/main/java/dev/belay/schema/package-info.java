/** validate-schema: the live schema against the one that replaying the applied migrations gives. */
@NullMarked
package dev.belay.schema;

import org.jspecify.annotations.NullMarked;
