/** Backups on disk: manifest, publishing, verification levels, retention. */
@NullMarked
package dev.belay.archive;

import org.jspecify.annotations.NullMarked;
