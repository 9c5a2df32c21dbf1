/** report, incident-bundle: what an operation did, for those who ask afterwards. */
@NullMarked
package dev.belay.incident;

import org.jspecify.annotations.NullMarked;
