/** Exports of data: files of JSON that hold every value bit for bit, streamed both ways. */
@NullMarked
package dev.belay.dataset;

import org.jspecify.annotations.NullMarked;
