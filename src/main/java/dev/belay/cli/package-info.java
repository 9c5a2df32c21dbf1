/** What all commands share: options, failure text, confirmation, progress. */
@NullMarked
package dev.belay.cli;

import org.jspecify.annotations.NullMarked;
