/** One answer, as text or as JSON, from one record. */
@NullMarked
package dev.belay.report;

import org.jspecify.annotations.NullMarked;
