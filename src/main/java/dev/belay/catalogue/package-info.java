/** What the schema of a database consists of, object by object, in a form that can be compared. */
@NullMarked
package dev.belay.catalogue;

import org.jspecify.annotations.NullMarked;
