package dev.belay.diff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one row as a person sees them, in the order of the columns of the pair.
 *
 * @param texts cut where they are long; null stands for null
 * @param hashes of the whole texts
 */
record RowTexts(List<@Nullable String> texts, List<@Nullable String> hashes) {}
