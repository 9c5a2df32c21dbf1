package dev.belay.incident;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be put into a bundle.
 *
 * @param since what is older is left out
 * @param runs empty: all since then; else these and what lies around them
 * @param out empty: a name of its own in the working directory
 * @param maxBytes of the contents before they are compressed
 */
record BundleRequest(Instant since, List<String> runs, Optional<Path> out, long maxBytes) {
  BundleRequest {
    runs = List.copyOf(runs);
  }
}
