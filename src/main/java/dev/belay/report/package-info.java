/** One answer, as text or as JSON, from one record; and what pages for a browser share. */
@NullMarked
package dev.belay.report;

import org.jspecify.annotations.NullMarked;
