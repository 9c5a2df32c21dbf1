/** When it has happened: saves, looks, fixes what is safely fixable, and tells every way on. */
@NullMarked
package dev.belay.emergency;

import org.jspecify.annotations.NullMarked;
