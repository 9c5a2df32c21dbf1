/** What tables, sequences and large objects hold, as fingerprints that a restore keeps. */
@NullMarked
package dev.belay.integrity;

import org.jspecify.annotations.NullMarked;
