/** export-data and import-data: tables into a file of JSON, and back. */
@NullMarked
package dev.belay.export;

import org.jspecify.annotations.NullMarked;
