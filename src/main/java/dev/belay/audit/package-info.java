/** audit: who changed what, and whether the record of it is whole. */
@NullMarked
package dev.belay.audit;

import org.jspecify.annotations.NullMarked;
