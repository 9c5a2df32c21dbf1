/** The incident, played on an embedded server. */
@NullMarked
package dev.belay.demo;

import org.jspecify.annotations.NullMarked;
